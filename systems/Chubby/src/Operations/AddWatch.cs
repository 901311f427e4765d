namespace Microcosm.Chubby;

/// <summary>addWatch: a watch that stays, of a node or of all below it. It needs no node and no permission.</summary>
internal static class AddWatch
{
    [ZooKeeperOperation("AddWatch", OpCode.AddWatch, HasPath = true, Since = "3.6")]
    public static void Execute(ref ZooKeeperCall call)
    {
        var (path, mode) = (call.Body.String(), call.Body.Int());
        if (mode is not (0 or 1))
        {
            call.Fail(ZooError.BadArguments);
            return;
        }
        call.Member.Watches.Add(mode == 0 ? WatchKind.Persistent : WatchKind.PersistentRecursive, path, call.Client);
        call.Reply.Int(0);
    }
}
