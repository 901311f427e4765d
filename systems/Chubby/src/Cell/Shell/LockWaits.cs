namespace Microcosm.Chubby.Cell;

/// <summary>Calls that wait for a lock, in the order they came. Of this master alone: clients ask the next one again.</summary>
internal sealed class LockWaits(CellMaster master)
{
    private readonly List<(ChubbyCall Call, string Path, TaskCompletionSource Woken)> _waits = [];

    public int Count => _waits.Count;

    /// <summary>Completes when it is worth another try.</summary>
    public Task WaitAsync(ChubbyCall call, long delayMs)
    {
        if (call.Handle is not { } handle || (delayMs == 0 && IsFree(handle.Path)))
            return Task.CompletedTask;
        var woken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waits.Add((call, handle.Path, woken));
        if (delayMs > 0)
            master.After(delayMs, () => Wake(w => w.Woken == woken));
        return woken.Task;
    }

    /// <summary>After a change: wakes whom it concerns.</summary>
    public void Look()
    {
        if (_waits.Count > 0)
            Wake(w => w.Call.Handle is null || IsFree(w.Path));
    }

    /// <summary>The master steps down, or a connection is gone.</summary>
    public void End(CellConnection? connection = null) => Wake(w => connection is null || w.Call.Connection == connection);

    private bool IsFree(string path) =>
        master.Files.LockOf(path) is not { } held || (held.Holders.Count == 0 && held.DelayedUntilMs <= master.NowMs);

    private void Wake(Predicate<(ChubbyCall Call, string Path, TaskCompletionSource Woken)> who)
    {
        foreach (var (_, _, woken) in _waits.FindAll(who))
            woken.TrySetResult();
        _waits.RemoveAll(who);
    }
}
