namespace Microcosm.Kafka;

/// <summary>What is to happen at a time unless it is cancelled before: one timer for all that wait on a broker.</summary>
internal sealed class Deadlines
{
    private readonly TimeProvider _clock;
    private readonly PriorityQueue<Deadline, long> _queue = new();
    private readonly ITimer _timer;
    private long _armedMs = long.MaxValue;
    private int _cancelled;

    public Deadlines(TimeProvider clock)
    {
        _clock = clock;
        _timer = clock.CreateTimer(_ => Run(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The node's monotonic clock.</summary>
    public long NowMs => _clock.GetTimestamp() / (_clock.TimestampFrequency / 1000);

    /// <summary>Runs <paramref name="action"/> when so much time has passed.</summary>
    public Deadline Add(long afterMs, Action action)
    {
        var deadline = new Deadline(this, action);
        var dueMs = NowMs + Math.Max(0, Math.Min(afterMs, int.MaxValue));
        _queue.Enqueue(deadline, dueMs);
        Arm(dueMs);
        return deadline;
    }

    public ValueTask StopAsync() => _timer.DisposeAsync();

    private void Run()
    {
        _armedMs = long.MaxValue;
        var nowMs = NowMs;
        while (_queue.TryPeek(out var deadline, out var dueMs) && (dueMs <= nowMs || deadline.Action is null))
        {
            _queue.Dequeue();
            if (deadline.Action is null)
                _cancelled--;
            deadline.Take()?.Invoke();
        }
        if (_queue.TryPeek(out _, out var next))
            Arm(next);
    }

    private void Arm(long dueMs)
    {
        if (dueMs >= _armedMs)
            return;
        _armedMs = dueMs;
        _timer.Change(TimeSpan.FromMilliseconds(Math.Max(0, dueMs - NowMs)), Timeout.InfiniteTimeSpan);
    }

    // Most deadlines are never reached: those that are cancelled must not stay until their time.
    private void Cancelled()
    {
        if (++_cancelled < 1024 || _cancelled < _queue.Count / 2)
            return;
        var left = _queue.UnorderedItems.Where(i => i.Element.Action is not null).ToArray();
        _queue.Clear();
        _queue.EnqueueRange(left);
        _cancelled = 0;
    }

    /// <summary>One of them.</summary>
    internal sealed class Deadline(Deadlines all, Action? action) : IDisposable
    {
        public Action? Action { get; private set; } = action;

        public void Cancel()
        {
            if (Take() is not null)
                all.Cancelled();
        }

        public void Dispose() => Cancel();

        public Action? Take()
        {
            var action = Action;
            Action = null;
            return action;
        }
    }
}
