namespace Microcosm.Redis;

/// <summary>APPEND and SETRANGE: strings that change in place and become <c>raw</c>.</summary>
internal static class Edit
{
    [RedisCommand("APPEND", 3, Flags = RedisCommandFlags.Write | RedisCommandFlags.DenyOom | RedisCommandFlags.Fast, FirstKey = 1,
        LastKey = 1,
        KeyStep = 1, Since = "2.0.0", Group = "string", Summary = "Append a value to a key", Complexity = "O(1)",
        Syntax = "key value",
        Keys = "RW insert @1")]
    public static void Append(ref RedisCall call)
    {
        var key = call[1];
        if (!call.TryWriteString(key, out var entry))
            return;
        var added = call[2];
        var old = entry.IsMissing ? 0 : entry.StringValue.Length;
        if (!FitsLimit(ref call, (long)old + added.Length))
            return;
        // A new key is encoded like SET's; an appended one is raw.
        var room = call.Db.SetString(key, old + added.Length, keepExpiry: true, raw: entry.Exists);
        added.CopyTo(room[old..]);
        call.Modified(key, NotifyClass.String, "append");
        call.Reply.Integer(room.Length);
    }

    [RedisCommand("SETRANGE", 4, Flags = RedisCommandFlags.Write | RedisCommandFlags.DenyOom, FirstKey = 1, LastKey = 1, KeyStep = 1,
        Since = "2.2.0", Group = "string", Summary = "Overwrite part of a string at key starting at the specified offset",
            Complexity = "O(1)",
        Syntax = "key offset:integer value",
        Keys = "RW update @1")]
    public static void SetRange(ref RedisCall call)
    {
        if (!call.TryInteger(2, out var offset))
            return;
        if (offset < 0)
        {
            call.Reply.Error("ERR offset is out of range");
            return;
        }
        var key = call[1];
        if (!call.TryWriteString(key, out var entry))
            return;
        var value = call[3];
        var old = entry.IsMissing ? 0 : entry.StringValue.Length;
        if (value.IsEmpty)
        {
            call.Reply.Integer(old);
            return;
        }
        if (!FitsLimit(ref call, offset) || !FitsLimit(ref call, offset + value.Length))
            return;
        var room = call.Db.SetString(key, Math.Max(old, (int)offset + value.Length), keepExpiry: true, raw: true);
        value.CopyTo(room[(int)offset..]);
        call.Modified(key, NotifyClass.String, "setrange");
        call.Reply.Integer(room.Length);
    }

    /// <summary>Answers the error of <c>checkStringLength</c> when a string would grow beyond proto-max-bulk-len.</summary>
    public static bool FitsLimit(ref RedisCall call, long length)
    {
        if (length <= call.Server.Options.ProtoMaxBulkLen)
            return true;
        call.Reply.Error("ERR string exceeds maximum allowed size (proto-max-bulk-len)");
        return false;
    }
}
