namespace Microcosm.Runtime;

/// <summary>
/// One direction of one connection: what the state of its link and the bytes rules that took it do to its bytes. All carriers ask here
/// how long bytes take and how many may pass. For one thread at a time.
/// </summary>
internal sealed class Passage(NetworkConditions conditions, RandomStream random, string from, string to, IReadOnlyList<FaultRule> rules)
{
    // What a throttled line sends at a time: so many parts of a second.
    private const int PiecesPerSecond = 20;

    private long _lineFreeTicks;
    private long _lastDueTicks;

    /// <summary>The world's time, UTC ticks.</summary>
    public long NowTicks => conditions.Clock.GetUtcNow().UtcTicks;

    /// <summary>True while the link keeps bytes back.</summary>
    public bool IsCut => Link.IsCut;

    /// <summary>True while nothing acts.</summary>
    public bool IsClear => Link == LinkState.Up && !HasRules;

    /// <summary>True while a bytes rule that took this connection stands.</summary>
    public bool HasRules
    {
        get
        {
            foreach (var rule in rules)
            {
                if (!rule.IsRemoved)
                    return true;
            }
            return false;
        }
    }

    /// <summary>Bytes that have passed so far.</summary>
    public long Passed { get; private set; }

    /// <summary>The rule that ends the connection now, since so many bytes have passed; or null.</summary>
    public FaultRule? Ending => Last is { } last && last.Connection.Amount <= Passed ? last : null;

    /// <summary>Until when the line is taken by what was sent before.</summary>
    public long LineFreeTicks => _lineFreeTicks;

    private LinkState Link => conditions.Links.Of(from, to);

    // The standing rule that ends the connection first.
    private FaultRule? Last
    {
        get
        {
            FaultRule? last = null;
            foreach (var rule in rules)
            {
                if (!rule.IsRemoved && rule.Connection.Ends && (last is null || rule.Connection.Amount < last.Connection.Amount))
                    last = rule;
            }
            return last;
        }
    }

    /// <summary>How many of so many bytes may be sent at once: a throttled line takes them in pieces, and none pass the end.</summary>
    public long PieceOf(long bytes)
    {
        if (Last is { } last)
            bytes = Math.Min(bytes, Math.Max(0, last.Connection.Amount - Passed));
        return BytesPerSecond is var rate and > 0 ? Math.Min(bytes, Math.Max(1, rate / PiecesPerSecond)) : bytes;
    }

    /// <summary>Sends so many bytes; they arrive, UTC ticks, when the line has taken them and the latency is over, in order.</summary>
    public long Send(long bytes, long sentTicks)
    {
        var link = Link;
        var latencyMs = link.LatencyMs + (link.JitterMs > 0 ? random.NextDouble() * link.JitterMs : 0);
        foreach (var rule in rules)
        {
            if (!rule.IsRemoved && rule.Connection.Action == ConnectionFaultAction.Latency)
                latencyMs += rule.Connection.Amount;
        }
        var rate = BytesPerSecond;
        var takenMs = rate > 0 ? bytes * 1000.0 / rate : 0;
        _lineFreeTicks = Math.Max(_lineFreeTicks, sentTicks) + (long)(takenMs * TimeSpan.TicksPerMillisecond);
        _lastDueTicks = Math.Max(_lastDueTicks, _lineFreeTicks + (long)(latencyMs * TimeSpan.TicksPerMillisecond));
        Passed += bytes;
        return _lastDueTicks;
    }

    /// <summary>Sends so many bytes at <paramref name="sentTicks"/> and waits until they arrive.</summary>
    public async Task TravelAsync(long bytes, long sentTicks, CancellationToken reset)
    {
        long? due = null;
        while (true)
        {
            // Taken before looking, or a change in between would be missed.
            var (links, plan) = (conditions.Links.Changes.Next, conditions.PlanChanges);
            if (IsCut)
            {
                await links.WaitAsync(reset);
                sentTicks = NowTicks;
                continue;
            }
            due ??= Send(bytes, sentTicks);
            var left = due.Value - NowTicks;
            if (left <= 0 || IsClear)
                return;
            if (rules.Count == 0)
            {
                // On its way: what happens to the link now happens to later bytes.
                await Task.Delay(new TimeSpan(left), conditions.Clock, reset);
                return;
            }
            using var changed = CancellationTokenSource.CreateLinkedTokenSource(reset);
            // Rounded up: a delay counts whole milliseconds, and one of none would turn here for ever.
            var delay = TimeSpan.FromMilliseconds(Math.Ceiling((double)left / TimeSpan.TicksPerMillisecond));
            await Task.WhenAny(Task.Delay(delay, conditions.Clock, changed.Token), links, plan);
            changed.Cancel();
            reset.ThrowIfCancellationRequested();
        }
    }

    private long BytesPerSecond
    {
        get
        {
            var rate = Link.BytesPerSecond;
            foreach (var rule in rules)
            {
                if (!rule.IsRemoved && rule.Connection.Action == ConnectionFaultAction.Throttle)
                    rate = rate > 0 ? Math.Min(rate, rule.Connection.Amount) : rule.Connection.Amount;
            }
            return rate;
        }
    }
}
