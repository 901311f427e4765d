namespace Microcosm.Chubby;

/// <summary>getChildren, and getChildren2, which answers with the node's stat too. Names come in order.</summary>
internal static class GetChildren
{
    [ZooKeeperOperation("GetChildren", OpCode.GetChildren, HasPath = true)]
    public static void Execute(ref ZooKeeperCall call) => Find(ref call);

    [ZooKeeperOperation("GetChildren2", OpCode.GetChildren2, HasPath = true)]
    public static void ExecuteWithStat(ref ZooKeeperCall call)
    {
        if (Find(ref call) is { } node)
            call.Reply.Stat(node.Stat);
    }

    private static TreeNode? Find(ref ZooKeeperCall call)
    {
        var (path, watch) = (call.Body.String(), call.Body.Bool());
        if (call.Readable(path) is not { } node)
            return null;
        if (watch)
            call.Member.Watches.Add(WatchKind.Child, path, call.Client);
        call.Reply.Strings(node.Children ?? (IReadOnlyCollection<string>)[]);
        return node;
    }
}
