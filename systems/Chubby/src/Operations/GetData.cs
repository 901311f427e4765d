namespace Microcosm.Chubby;

/// <summary>getData</summary>
internal static class GetData
{
    [ZooKeeperOperation("GetData", OpCode.GetData, HasPath = true)]
    public static void Execute(ref ZooKeeperCall call)
    {
        var (path, watch) = (call.Body.String(), call.Body.Bool());
        if (call.Readable(path) is not { } node)
            return;
        if (watch)
            call.Member.Watches.Add(WatchKind.Data, path, call.Client);
        call.Reply.Buffer(node.Data);
        call.Reply.Stat(node.Stat);
    }
}
