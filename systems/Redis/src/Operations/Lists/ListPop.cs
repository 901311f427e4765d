namespace Microcosm.Redis;

/// <summary>LPOP, RPOP, LMPOP.</summary>
internal static class ListPop
{
    private const RedisCommandFlags Flags = RedisCommandFlags.Write | RedisCommandFlags.Fast;

    [RedisCommand("LPOP", -2, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1, Group = "list",
        Summary = "Remove and get the first elements in a list", Complexity = "O(N)",
        Syntax = "key [count:integer]",
        Keys = "RW access delete @1")]
    public static void LPop(ref RedisCall call) => Pop(ref call, ListEnd.Left);

    [RedisCommand("RPOP", -2, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1, Group = "list",
        Summary = "Remove and get the last elements in a list", Complexity = "O(N)",
        Syntax = "key [count:integer]",
        Keys = "RW access delete @1")]
    public static void RPop(ref RedisCall call) => Pop(ref call, ListEnd.Right);

    [RedisCommand("LMPOP", -4, Flags = RedisCommandFlags.Write | RedisCommandFlags.MovableKeys, KeyCountAt = 1, Since = "7.0.0",
        Group = "list",
        Summary = "Pop elements from a list", Complexity = "O(N+M)",
        Syntax = "numkeys:integer key... where(LEFT|RIGHT) [COUNT count:integer]",
        Keys = "RW access delete @1 #0/1/1")]
    public static void LMPop(ref RedisCall call)
    {
        if (!MultiPop.TryParse(ref call, 1, "LEFT"u8, "RIGHT"u8, out var pop))
            return;
        for (var i = 0; i < pop.Keys; i++)
        {
            var key = call[2 + i];
            if (!call.TryWrite<ListObject>(key, out var list))
                return;
            if (list is null)
                continue;
            PopWithKey(ref call, key, list, pop.First ? ListEnd.Left : ListEnd.Right, pop.Count);
            return;
        }
        call.Reply.NullArray();
    }

    /// <summary>
    /// Answers key and elements, and removes these: what LMPOP and BLMPOP do once they have found a list. Propagates LPOP or RPOP.
    /// </summary>
    public static void PopWithKey(ref RedisCall call, ReadOnlySpan<byte> key, ListObject list, ListEnd end, long count)
    {
        var name = end == ListEnd.Left ? "LPOP"u8 : "RPOP"u8;
        call.PropagateInstead(name.ToArray(), key.ToArray(), RedisNumber.ToBytes(Math.Min(count, list.Count)));
        call.Reply.Array(2);
        call.Reply.Bulk(key);
        ListEdit.PopRange(ref call, key, list, end, count);
    }

    private static void Pop(ref RedisCall call, ListEnd end)
    {
        if (call.Count > 3)
        {
            call.Reply.Error(RedisErrors.WrongArity(call.Operation.Declaration.Name));
            return;
        }
        var count = 0L;
        if (call.Count == 3 && !PositiveCount.TryParse(ref call, 2, out count))
            return;
        if (!call.TryWrite<ListObject>(call[1], out var list))
            return;
        if (list is null && call.Count == 3)
        {
            call.Reply.NullArray();
        }
        else if (list is null)
        {
            call.Reply.Null();
        }
        else if (call.Count == 2)
        {
            call.Reply.Bulk((end == ListEnd.Left ? list.Items.First : list.Items.Last).Value);
            list.Items.Delete(end == ListEnd.Left ? list.Items.First : list.Items.Last);
            ListEdit.Popped(ref call, call[1], list, end);
        }
        else if (count == 0)
        {
            call.Reply.Array(0);
        }
        else
        {
            ListEdit.PopRange(ref call, call[1], list, end, count);
        }
    }
}
