namespace Microcosm.Chubby;

/// <summary>getEphemerals: the session's own ephemerals below a prefix.</summary>
internal static class GetEphemerals
{
    [ZooKeeperOperation("GetEphemerals", OpCode.GetEphemerals, HasPath = true, Since = "3.6")]
    public static void Execute(ref ZooKeeperCall call)
    {
        var prefix = call.Body.String();
        var own = call.Tree.EphemeralsOf(call.Client.SessionId);
        call.Reply.Strings(prefix.Length <= 1 ? own : [.. own.Where(p => p.StartsWith(prefix, StringComparison.Ordinal))]);
    }
}
