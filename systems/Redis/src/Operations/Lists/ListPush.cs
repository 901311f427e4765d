namespace Microcosm.Redis;

/// <summary>LPUSH, RPUSH, LPUSHX, RPUSHX.</summary>
internal static class ListPush
{
    private const RedisCommandFlags Flags = RedisCommandFlags.Write | RedisCommandFlags.DenyOom | RedisCommandFlags.Fast;

    [RedisCommand("LPUSH", -3, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1, Group = "list",
        Summary = "Prepend one or multiple elements to a list", Complexity = "O(1) for each element added",
        Syntax = "key element...",
        Keys = "RW insert @1")]
    public static void LPush(ref RedisCall call) => Push(ref call, ListEnd.Left, onlyExisting: false);

    [RedisCommand("RPUSH", -3, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1, Group = "list",
        Summary = "Append one or multiple elements to a list", Complexity = "O(1) for each element added",
        Syntax = "key element...",
        Keys = "RW insert @1")]
    public static void RPush(ref RedisCall call) => Push(ref call, ListEnd.Right, onlyExisting: false);

    [RedisCommand("LPUSHX", -3, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "2.2.0", Group = "list",
        Summary = "Prepend an element to a list, only if the list exists", Complexity = "O(1) for each element added",
        Syntax = "key element...",
        Keys = "RW insert @1")]
    public static void LPushX(ref RedisCall call) => Push(ref call, ListEnd.Left, onlyExisting: true);

    [RedisCommand("RPUSHX", -3, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "2.2.0", Group = "list",
        Summary = "Append an element to a list, only if the list exists", Complexity = "O(1) for each element added",
        Syntax = "key element...",
        Keys = "RW insert @1")]
    public static void RPushX(ref RedisCall call) => Push(ref call, ListEnd.Right, onlyExisting: true);

    private static void Push(ref RedisCall call, ListEnd end, bool onlyExisting)
    {
        if (!call.TryWrite<ListObject>(call[1], out var found))
            return;
        if (found is null && onlyExisting)
        {
            call.Reply.Integer(0);
            return;
        }
        var list = found ?? new ListObject();
        for (var i = 2; i < call.Count; i++)
            ListEdit.Push(list.Items, end, call[i], call.Server.Options.Encodings);
        if (found is null)
            call.Db.SetObject(call[1], list);
        call.Server.Propagation.Dirty += call.Count - 3;
        ListEdit.Pushed(ref call, call[1], end);
        call.Reply.Integer(list.Count);
    }
}
