namespace Microcosm.Chubby;

/// <summary>removeWatches and checkWatches: NoWatcher where this connection has none of that kind.</summary>
internal static class RemoveWatches
{
    [ZooKeeperOperation("RemoveWatches", OpCode.RemoveWatches, HasPath = true, Since = "3.5")]
    public static void Execute(ref ZooKeeperCall call)
    {
        var path = call.Body.String();
        var removed = false;
        foreach (var kind in Kinds(call.Body.Int()))
            removed |= call.Member.Watches.Remove(kind, path, call.Client);
        if (!removed)
            call.Fail(ZooError.NoWatcher);
    }

    [ZooKeeperOperation("CheckWatches", OpCode.CheckWatches, HasPath = true, Since = "3.5")]
    public static void ExecuteCheck(ref ZooKeeperCall call)
    {
        var path = call.Body.String();
        var has = false;
        foreach (var kind in Kinds(call.Body.Int()))
            has |= call.Member.Watches.Has(kind, path, call.Client);
        if (!has)
            call.Fail(ZooError.NoWatcher);
    }

    // Watcher.WatcherType. Up to 3.8, persistent watches go with either of the three; 3.9 has words of their own.
    private static WatchKind[] Kinds(int type) => type switch
    {
        1 => [WatchKind.Child, WatchKind.Persistent],
        2 => [WatchKind.Data, WatchKind.Persistent, WatchKind.PersistentRecursive],
        3 => [WatchKind.Child, WatchKind.Data, WatchKind.Persistent, WatchKind.PersistentRecursive],
        4 => [WatchKind.Persistent],
        5 => [WatchKind.PersistentRecursive],
        _ => [],
    };
}
