namespace Microcosm.Consensus;

/// <summary>
/// Reads of this member. Those of one turn share a question to the core; one that gets no answer, or was dropped since leadership changed,
/// is asked again for a while. Who waits is told by <see cref="Tell"/>.
/// </summary>
internal sealed class ReadRequests(RaftHost host, long group, long patienceUs)
{
    private readonly SortedDictionary<long, Batch> _asked = [];
    private readonly List<(long Index, Batch Batch)> _confirmed = [];
    private List<Batch> _outcomes = [];
    private List<Batch> _telling = [];
    private Batch? _next;

    /// <summary>When the oldest question has waited long enough for its answer, in µs.</summary>
    public long NextDueUs { get; private set; } = long.MaxValue;

    public Task Add()
    {
        _next ??= new Batch { GiveUpAtUs = host.NowUs + patienceUs };
        return _next.Done.Task;
    }

    /// <summary>Asks for what came in this turn.</summary>
    public void Ask(RaftCore core)
    {
        if (_next is not { } batch)
            return;
        _next = null;
        Ask(core, batch);
    }

    /// <summary>These know their index.</summary>
    public void Confirmed(IReadOnlyList<ReadState> reads)
    {
        foreach (var read in reads)
        {
            if (_asked.Remove(read.Context, out var batch))
                _confirmed.Add((read.Index, batch));
        }
    }

    /// <summary>These have to be asked again.</summary>
    public void Dropped(IReadOnlyList<long> contexts, RaftCore core)
    {
        foreach (var context in contexts)
        {
            if (_asked.Remove(context, out var batch))
                Ask(core, batch);
        }
    }

    /// <summary>The machine has everything up to <paramref name="index"/>.</summary>
    public void Applied(long index)
    {
        if (_confirmed.Count == 0)
            return;
        foreach (var (_, batch) in _confirmed.Where(c => c.Index <= index))
            _outcomes.Add(batch);
        _confirmed.RemoveAll(c => c.Index <= index);
    }

    public void Expire(long nowUs, RaftCore core)
    {
        if (nowUs < NextDueUs)
            return;
        foreach (var (context, batch) in _asked.Where(a => a.Value.AskAgainAtUs <= nowUs).ToArray())
        {
            _asked.Remove(context);
            core.ForgetRead(context);
            Ask(core, batch);
        }
        NextDueUs = _asked.Count == 0 ? long.MaxValue : _asked.Values.Min(b => b.AskAgainAtUs);
    }

    public void Stop()
    {
        var stopped = new ConsensusException(ConsensusFailure.Stopped, "the host was stopped");
        Batch?[] waiting = [.. _asked.Values, .. _confirmed.Select(c => c.Batch), _next];
        foreach (var batch in waiting.OfType<Batch>())
            Fail(batch, stopped);
        _asked.Clear();
        _confirmed.Clear();
        _next = null;
        Tell();
    }

    /// <summary>Tells those who wait, after all work: what they do next may come back here.</summary>
    public void Tell()
    {
        while (_outcomes.Count > 0)
        {
            (_telling, _outcomes) = (_outcomes, _telling);
            foreach (var batch in _telling)
            {
                if (batch.Failure is { } failure)
                    batch.Done.SetException(failure);
                else
                    batch.Done.SetResult();
            }
            _telling.Clear();
        }
    }

    private void Ask(RaftCore core, Batch batch)
    {
        var nowUs = host.NowUs;
        var refusal = nowUs >= batch.GiveUpAtUs ? RaftRefusal.NotLeader : RaftRefusal.None;
        var context = host.NextNumber();
        if (refusal == RaftRefusal.None)
            refusal = core.Read(context, nowUs);
        if (refusal != RaftRefusal.None)
        {
            Fail(batch, Refusals.Of(group, refusal));
            return;
        }
        batch.AskAgainAtUs = nowUs + patienceUs / 2;
        NextDueUs = Math.Min(NextDueUs, batch.AskAgainAtUs);
        _asked.Add(context, batch);
    }

    private void Fail(Batch batch, ConsensusException failure)
    {
        batch.Failure = failure;
        _outcomes.Add(batch);
    }

    private sealed class Batch
    {
        public TaskCompletionSource Done { get; } = new();

        public required long GiveUpAtUs { get; init; }

        public long AskAgainAtUs { get; set; }

        public ConsensusException? Failure { get; set; }
    }
}
