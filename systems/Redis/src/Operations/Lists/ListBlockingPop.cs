using Microcosm.Runtime;

namespace Microcosm.Redis;

/// <summary>BLPOP, BRPOP, BLMPOP. They propagate as the pop that they come down to.</summary>
internal static class ListBlockingPop
{
    private const RedisCommandFlags Flags = RedisCommandFlags.Write | RedisCommandFlags.Blocking | RedisCommandFlags.NoScript;

    [RedisCommand("BLPOP", -3, Flags = Flags, FirstKey = 1, LastKey = -2, KeyStep = 1, Since = "2.0.0", Group = "list",
        Summary = "Remove and get the first element in a list, or block until one is available", Complexity = "O(N)",
        Syntax = "key... timeout:double",
        Keys = "RW access delete @1 -2/1/0")]
    public static void BLPop(ref RedisCall call) => Pop(ref call, ListEnd.Left);

    [RedisCommand("BRPOP", -3, Flags = Flags, FirstKey = 1, LastKey = -2, KeyStep = 1, Since = "2.0.0", Group = "list",
        Summary = "Remove and get the last element in a list, or block until one is available", Complexity = "O(N)",
        Syntax = "key... timeout:double",
        Keys = "RW access delete @1 -2/1/0")]
    public static void BRPop(ref RedisCall call) => Pop(ref call, ListEnd.Right);

    [RedisCommand("BLMPOP", -5, Flags = RedisCommandFlags.Write | RedisCommandFlags.Blocking | RedisCommandFlags.MovableKeys,
        KeyCountAt = 2,
        Since = "7.0.0", Group = "list", Summary = "Pop elements from a list, or block until one is available", Complexity = "O(N+M)",
        Syntax = "timeout:double numkeys:integer key... where(LEFT|RIGHT) [COUNT count:integer]",
        Keys = "RW access delete @2 #0/1/1")]
    public static void BLMPop(ref RedisCall call)
    {
        if (!MultiPop.TryParse(ref call, 2, "LEFT"u8, "RIGHT"u8, out var pop) || !BlockTimeout.TryParse(ref call, 1, out var timeoutMs))
            return;
        for (var i = 0; i < pop.Keys; i++)
        {
            if (!TryList(ref call, call[3 + i], out var list))
                return;
            if (list is null)
                continue;
            ListPop.PopWithKey(ref call, call[3 + i], list, pop.First ? ListEnd.Left : ListEnd.Right, pop.Count);
            return;
        }
        call.Block(BlockTimeout.Keys(ref call, 3, pop.Keys), timeoutMs, static reply => reply.NullArray());
    }

    /// <summary>
    /// Looks up a list for writing, as TryWrite does. A client that was blocked passes over keys of another type; it goes on waiting.
    /// </summary>
    public static bool TryList(ref RedisCall call, ReadOnlySpan<byte> key, out ListObject? list)
    {
        if (!call.IsReexecution)
            return call.TryWrite(key, out list);
        list = call.IsReady(key) ? call.Db.Write(key).Object as ListObject : null;
        return true;
    }

    private static void Pop(ref RedisCall call, ListEnd end)
    {
        if (!BlockTimeout.TryParse(ref call, call.Count - 1, out var timeoutMs))
            return;
        for (var i = 1; i < call.Count - 1; i++)
        {
            if (!TryList(ref call, call[i], out var list))
                return;
            if (list is null)
                continue;
            call.Reply.Array(2);
            call.Reply.Bulk(call[i]);
            call.Reply.Bulk(ListEdit.Pop(list.Items, end));
            ListEdit.Popped(ref call, call[i], list, end);
            if (call.IsReexecution && Bug.IsPlanted("redis/served-pop-not-logged"))
                call.PropagateNothing();
            else
                call.PropagateInstead((end == ListEnd.Left ? "LPOP"u8 : "RPOP"u8).ToArray(), call.Copy(i));
            return;
        }
        call.Block(BlockTimeout.Keys(ref call, 1, call.Count - 2), timeoutMs, static reply => reply.NullArray());
    }
}
