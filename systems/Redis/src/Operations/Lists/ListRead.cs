namespace Microcosm.Redis;

/// <summary>LLEN, LINDEX, LRANGE.</summary>
internal static class ListRead
{
    [RedisCommand("LLEN", 2, Flags = RedisCommandFlags.ReadOnly | RedisCommandFlags.Fast, FirstKey = 1, LastKey = 1, KeyStep = 1,
        Group = "list",
        Summary = "Get the length of a list", Complexity = "O(1)",
        Syntax = "key",
        Keys = "RO @1")]
    public static void LLen(ref RedisCall call)
    {
        if (call.TryRead<ListObject>(call[1], out var list))
            call.Reply.Integer(list?.Count ?? 0);
    }

    [RedisCommand("LINDEX", 3, Flags = RedisCommandFlags.ReadOnly, FirstKey = 1, LastKey = 1, KeyStep = 1, Group = "list",
        Summary = "Get an element from a list by its index", Complexity = "O(N)",
        Syntax = "key index:integer",
        Keys = "RO access @1")]
    public static void LIndex(ref RedisCall call)
    {
        if (!call.TryRead<ListObject>(call[1], out var list))
            return;
        if (list is null)
        {
            call.Reply.Null();
            return;
        }
        if (!call.TryInteger(2, out var index))
            return;
        var place = list.Items.At(index);
        if (place.IsNone)
            call.Reply.Null();
        else
            call.Reply.Bulk(place.Value);
    }

    [RedisCommand("LRANGE", 4, Flags = RedisCommandFlags.ReadOnly, FirstKey = 1, LastKey = 1, KeyStep = 1, Group = "list",
        Summary = "Get a range of elements from a list", Complexity = "O(S+N)",
        Syntax = "key start:integer stop:integer",
        Keys = "RO access @1")]
    public static void LRange(ref RedisCall call)
    {
        if (!call.TryInteger(2, out var start) || !call.TryInteger(3, out var end) || !call.TryRead<ListObject>(call[1], out var list))
            return;
        if (list is null || !ListEdit.TryRange(ref start, ref end, list.Count))
        {
            call.Reply.Array(0);
            return;
        }
        call.Reply.Array((int)(end - start + 1));
        var place = list.Items.At(start);
        for (; start <= end; start++, place = place.Next())
            call.Reply.Bulk(place.Value);
    }
}
