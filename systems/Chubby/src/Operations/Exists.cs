namespace Microcosm.Chubby;

/// <summary>exists: needs no permission; a watch is set whether the node is there or not.</summary>
internal static class Exists
{
    [ZooKeeperOperation("Exists", OpCode.Exists, HasPath = true)]
    public static void Execute(ref ZooKeeperCall call)
    {
        var (path, watch) = (call.Body.String(), call.Body.Bool());
        if (path.Contains('\0'))
        {
            call.Fail(ZooError.BadArguments);
            return;
        }
        if (watch)
            call.Member.Watches.Add(WatchKind.Data, path, call.Client);
        if (call.Tree.Find(path) is { } node)
            call.Reply.Stat(node.Stat);
        else
            call.Fail(ZooError.NoNode);
    }
}
