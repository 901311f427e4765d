namespace Microcosm.Chubby;

/// <summary>
/// setWatches and setWatches2: a client that comes back sets its watches again. What happened meanwhile, after the zxid that it has seen,
/// it is told at once.
/// </summary>
internal static class SetWatches
{
    [ZooKeeperOperation("SetWatches", OpCode.SetWatches)]
    public static void Execute(ref ZooKeeperCall call) => Read(ref call);

    [ZooKeeperOperation("SetWatches2", OpCode.SetWatches2, Since = "3.6")]
    public static void ExecuteWithPersistent(ref ZooKeeperCall call)
    {
        Read(ref call);
        foreach (var path in call.Body.Strings())
            call.Member.Watches.Add(WatchKind.Persistent, path, call.Client);
        foreach (var path in call.Body.Strings())
            call.Member.Watches.Add(WatchKind.PersistentRecursive, path, call.Client);
    }

    private static void Read(ref ZooKeeperCall call)
    {
        var seen = call.Body.Long();
        var (data, exist, child) = (call.Body.Strings(), call.Body.Strings(), call.Body.Strings());
        foreach (var path in data)
        {
            if (call.Tree.Find(path) is not { } node)
                call.Client.Tell(new(TreeEventKind.NodeDeleted, path));
            else if (node.Mzxid > seen)
                call.Client.Tell(new(TreeEventKind.NodeDataChanged, path));
            else
                call.Member.Watches.Add(WatchKind.Data, path, call.Client);
        }
        foreach (var path in exist)
        {
            if (call.Tree.Find(path) is not null)
                call.Client.Tell(new(TreeEventKind.NodeCreated, path));
            else
                call.Member.Watches.Add(WatchKind.Data, path, call.Client);
        }
        foreach (var path in child)
        {
            if (call.Tree.Find(path) is not { } node)
                call.Client.Tell(new(TreeEventKind.NodeDeleted, path));
            else if (node.Pzxid > seen)
                call.Client.Tell(new(TreeEventKind.NodeChildrenChanged, path));
            else
                call.Member.Watches.Add(WatchKind.Child, path, call.Client);
        }
    }
}
