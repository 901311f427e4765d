namespace Microcosm.Runtime;

/// <summary>A serial queue on the thread pool: the portable carrier. A turn is what is queued when the queue begins to run.</summary>
public sealed class SerialCarrier : ICarrier, IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private readonly TurnActions _turnEnd = new();
    private List<(NodeExecutor Owner, SendOrPostCallback Work, object? State)> _inbox = [];
    private List<(NodeExecutor Owner, SendOrPostCallback Work, object? State)> _running = [];
    private bool _isScheduled;
    private volatile int _thread = -1;

    /// <inheritdoc/>
    public bool IsCurrent => _thread == Environment.CurrentManagedThreadId;

    /// <inheritdoc/>
    public void Post(NodeExecutor owner, SendOrPostCallback work, object? state)
    {
        lock (_gate)
        {
            _inbox.Add((owner, work, state));
            if (_isScheduled)
                return;
            _isScheduled = true;
        }
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <inheritdoc/>
    public void AtTurnEnd(NodeExecutor owner, TurnPhase phase, Action action)
    {
        Invariant.Check(IsCurrent);
        _turnEnd.Add(owner, phase, action);
    }

    void IThreadPoolWorkItem.Execute()
    {
        _thread = Environment.CurrentManagedThreadId;
        while (true)
        {
            lock (_gate)
            {
                if (_inbox.Count == 0)
                {
                    _isScheduled = false;
                    _thread = -1;
                    return;
                }
                (_inbox, _running) = (_running, _inbox);
            }
            foreach (var (owner, work, state) in _running)
                owner.Execute(work, state);
            _running.Clear();
            _turnEnd.Run();
        }
    }
}
