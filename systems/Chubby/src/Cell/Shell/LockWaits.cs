using Microcosm.Chubby.Client;

namespace Microcosm.Chubby.Cell;

/// <summary>Calls that wait for a lock, in the order they came. Of this master alone: clients ask the next one again.</summary>
internal sealed class LockWaits(CellMaster master)
{
    private readonly List<Wait> _waits = [];

    /// <summary>Completes when it is worth another try.</summary>
    /// <param name="delayMs">What is left of a lock-delay; 0 where somebody holds the lock.</param>
    public Task WaitAsync(ChubbyCall call, LockMode mode, long delayMs)
    {
        if (call.Handle is not { } handle)
            return Task.CompletedTask;
        var wait = new Wait(call, handle.Path, mode, delayMs > 0);
        if (delayMs == 0 && IsWorthATry(wait))
            return Task.CompletedTask;
        _waits.Add(wait);
        if (delayMs > 0)
            master.After(delayMs, () => Wake(w => w == wait));
        return wait.Woken.Task;
    }

    /// <summary>After a change: wakes whom it concerns.</summary>
    public void Look()
    {
        if (_waits.Count > 0)
            Wake(IsWorthATry);
    }

    /// <summary>The master steps down, or a connection is gone.</summary>
    public void End(CellConnection? connection = null) => Wake(w => connection is null || w.Call.Connection == connection);

    // Who waits for the end of a lock-delay has a timer: a try before it would be a change, and lead to the next try.
    private bool IsWorthATry(Wait wait) => wait.Call.Handle is null || (!wait.IsDelayed
        && (master.Files.LockOf(wait.Path) is not { Holders.Count: > 0 } held || (held.Mode == wait.Mode && held.Mode == LockMode.Shared)));

    private void Wake(Predicate<Wait> who)
    {
        var woken = _waits.FindAll(who);
        _waits.RemoveAll(who);
        foreach (var wait in woken)
            wait.Woken.TrySetResult();
    }

    private sealed class Wait(ChubbyCall call, string path, LockMode mode, bool isDelayed)
    {
        public ChubbyCall Call { get; } = call;

        public string Path { get; } = path;

        public LockMode Mode { get; } = mode;

        public bool IsDelayed { get; } = isDelayed;

        public TaskCompletionSource Woken { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
