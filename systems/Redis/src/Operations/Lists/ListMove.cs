namespace Microcosm.Redis;

/// <summary>LMOVE, RPOPLPUSH and, blocking, BLMOVE and BRPOPLPUSH.</summary>
internal static class ListMove
{
    private const RedisCommandFlags Flags = RedisCommandFlags.Write | RedisCommandFlags.DenyOom;
    private const RedisCommandFlags BlockingFlags = Flags | RedisCommandFlags.Blocking | RedisCommandFlags.NoScript;

    [RedisCommand("LMOVE", 5, Flags = Flags, FirstKey = 1, LastKey = 2, KeyStep = 1, Since = "6.2.0", Group = "list",
        Summary = "Pop an element from a list, push it to another list and return it", Complexity = "O(1)",
        Syntax = "source:key destination:key wherefrom(LEFT|RIGHT) whereto(LEFT|RIGHT)",
        Keys = "RW access delete @1; RW insert @2")]
    public static void LMove(ref RedisCall call)
    {
        if (ListEdit.TryEnd(ref call, 3, out var from) && ListEdit.TryEnd(ref call, 4, out var to)
            && call.TryWrite<ListObject>(call[1], out var source))
            Move(ref call, source, from, to);
    }

    [RedisCommand("RPOPLPUSH", 3, Flags = Flags, FirstKey = 1, LastKey = 2, KeyStep = 1, Since = "1.2.0", Group = "list",
        Summary = "Remove the last element in a list, prepend it to another list and return it", Complexity = "O(1)",
        Syntax = "source:key destination:key",
        Keys = "RW access delete @1; RW insert @2",
        Deprecated = "6.2.0 `LMOVE` with the `RIGHT` and `LEFT` arguments")]
    public static void RPopLPush(ref RedisCall call)
    {
        if (call.TryWrite<ListObject>(call[1], out var source))
            Move(ref call, source, ListEnd.Right, ListEnd.Left);
    }

    [RedisCommand("BLMOVE", 6, Flags = BlockingFlags, FirstKey = 1, LastKey = 2, KeyStep = 1, Since = "6.2.0", Group = "list",
        Summary = "Pop an element from a list, push it to another list and return it; or block until one is available",
            Complexity = "O(1)",
        Syntax = "source:key destination:key wherefrom(LEFT|RIGHT) whereto(LEFT|RIGHT) timeout:double",
        Keys = "RW access delete @1; RW insert @2")]
    public static void BLMove(ref RedisCall call)
    {
        if (!ListEdit.TryEnd(ref call, 3, out var from) || !ListEdit.TryEnd(ref call, 4, out var to)
            || !BlockTimeout.TryParse(ref call, 5, out var timeoutMs))
            return;
        if (TryMoveOrBlock(ref call, from, to, timeoutMs))
            call.PropagateInstead("LMOVE"u8.ToArray(), call.Copy(1), call.Copy(2), ListEdit.Name(from), ListEdit.Name(to));
    }

    [RedisCommand("BRPOPLPUSH", 4, Flags = BlockingFlags, FirstKey = 1, LastKey = 2, KeyStep = 1, Since = "2.2.0", Group = "list",
        Summary = "Pop an element from a list, push it to another list and return it; or block until one is available",
            Complexity = "O(1)",
        Syntax = "source:key destination:key timeout:double",
        Keys = "RW access delete @1; RW insert @2",
        Deprecated = "6.2.0 `BLMOVE` with the `RIGHT` and `LEFT` arguments")]
    public static void BRPopLPush(ref RedisCall call)
    {
        if (BlockTimeout.TryParse(ref call, 3, out var timeoutMs) && TryMoveOrBlock(ref call, ListEnd.Right, ListEnd.Left, timeoutMs))
            call.PropagateInstead("RPOPLPUSH"u8.ToArray(), call.Copy(1), call.Copy(2));
    }

    private static bool TryMoveOrBlock(ref RedisCall call, ListEnd from, ListEnd to, long timeoutMs)
    {
        if (!ListBlockingPop.TryList(ref call, call[1], out var source))
            return false;
        if (source is not null)
            return Move(ref call, source, from, to);
        call.Block([call.Copy(1)], timeoutMs, static reply => reply.Null());
        return false;
    }

    // Both keys may be one: then the list rotates.
    private static bool Move(ref RedisCall call, ListObject? source, ListEnd from, ListEnd to)
    {
        if (source is null)
        {
            call.Reply.Null();
            return false;
        }
        if (!call.TryWrite<ListObject>(call[2], out var found))
            return false;
        var target = found ?? new ListObject();
        var value = ListEdit.Pop(source.Items, from);
        ListEdit.Push(target.Items, to, value, call.Server.Options.Encodings);
        if (found is null)
            call.Db.SetObject(call[2], target);
        ListEdit.Pushed(ref call, call[2], to);
        call.Reply.Bulk(value);
        ListEdit.Popped(ref call, call[1], source, from);
        // One change, though of two keys.
        call.Server.Propagation.Dirty--;
        return true;
    }
}
