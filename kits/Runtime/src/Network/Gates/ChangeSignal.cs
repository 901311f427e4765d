namespace Microcosm.Runtime;

/// <summary>Tells that something changed: by a task to who waits once, by a call to who stays. Thread-safe.</summary>
internal sealed class ChangeSignal
{
    private readonly Lock _gate = new();
    // Not RunContinuationsAsynchronously: WaitAsync over such a task leaves for the thread pool, out of a simulation.
    private TaskCompletionSource _next = new();
    private Action? _listeners;

    /// <summary>Completes at the next change. Take it before looking at what may have changed.</summary>
    public Task Next
    {
        get
        {
            lock (_gate)
                return _next.Task;
        }
    }

    public void Subscribe(Action listener)
    {
        lock (_gate)
            _listeners += listener;
    }

    public void Unsubscribe(Action listener)
    {
        lock (_gate)
            _listeners -= listener;
    }

    public void Raise()
    {
        TaskCompletionSource before;
        Action? listeners;
        lock (_gate)
        {
            (before, listeners) = (_next, _listeners);
            _next = new TaskCompletionSource();
        }
        before.SetResult();
        listeners?.Invoke();
    }
}
