namespace Microcosm.Redis;

/// <summary>SETBIT, GETBIT, BITCOUNT, BITPOS.</summary>
internal static class BitCommands
{
    private const string BadOffset = "ERR bit offset is not an integer or out of range";
    private const string BadBit = "ERR bit is not an integer or out of range";

    [RedisCommand("SETBIT", 4, Flags = RedisCommandFlags.Write | RedisCommandFlags.DenyOom, FirstKey = 1, LastKey = 1, KeyStep = 1,
        Since = "2.2.0",
        Group = "bitmap", Summary = "Sets or clears the bit at offset in the string value stored at key", Complexity = "O(1)",
        Syntax = "key offset:integer value:integer",
        Keys = "RW access update @1")]
    public static void SetBit(ref RedisCall call)
    {
        if (!TryOffset(ref call, 2, out var offset) || !TryBit(ref call, 3, BadBit, out var bit))
            return;
        var key = call[1];
        if (!call.TryWriteString(key, out var entry))
            return;
        var old = entry.IsMissing ? 0 : entry.StringValue.Length;
        var room = call.Db.SetString(key, Math.Max(old, (int)(offset >> 3) + 1), keepExpiry: true, raw: true);
        var before = Bits.Get(room, offset);
        Bits.Set(room, offset, bit);
        if (before != bit || room.Length != old)
            call.Modified(key, NotifyClass.String, "setbit");
        call.Reply.Integer(before ? 1 : 0);
    }

    [RedisCommand("GETBIT", 3, Flags = RedisCommandFlags.ReadOnly | RedisCommandFlags.Fast, FirstKey = 1, LastKey = 1, KeyStep = 1,
        Since = "2.2.0",
        Group = "bitmap", Summary = "Returns the bit value at offset in the string value stored at key", Complexity = "O(1)",
        Syntax = "key offset:integer",
        Keys = "RO access @1")]
    public static void GetBit(ref RedisCall call)
    {
        if (TryOffset(ref call, 2, out var offset) && call.TryReadString(call[1], out var entry))
            call.Reply.Integer(entry.Exists && Bits.Get(entry.StringValue, offset) ? 1 : 0);
    }

    [RedisCommand("BITCOUNT", -2, Flags = RedisCommandFlags.ReadOnly, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "2.6.0",
        Group = "bitmap", Summary = "Count set bits in a string", Complexity = "O(N)",
        Syntax = "key [index{start:integer end:integer [index_unit(BYTE|BIT)]}]",
        Keys = "RO access @1")]
    public static void BitCount(ref RedisCall call)
    {
        var range = new BitRange();
        if (!range.TryParse(ref call, 2, endOptional: false) || !call.TryReadString(call[1], out var entry))
            return;
        var bytes = entry.IsMissing ? default : entry.StringValue;
        call.Reply.Integer(range.TryResolve(bytes.Length, out var start, out var end) ? Bits.Count(bytes, start, end) : 0);
    }

    [RedisCommand("BITPOS", -3, Flags = RedisCommandFlags.ReadOnly, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "2.8.7",
        Group = "bitmap", Summary = "Find first bit set or clear in a string", Complexity = "O(N)",
        Syntax = "key bit:integer [index{start:integer [end_index{end:integer [index_unit(BYTE|BIT)]}]}]",
        Keys = "RO access @1")]
    public static void BitPos(ref RedisCall call)
    {
        if (!TryBit(ref call, 2, "ERR The bit argument must be 1 or 0.", out var bit))
            return;
        var range = new BitRange();
        if (!range.TryParse(ref call, 3, endOptional: true) || !call.TryReadString(call[1], out var entry))
            return;
        if (entry.IsMissing)
        {
            call.Reply.Integer(bit ? -1 : 0);
            return;
        }
        var bytes = entry.StringValue;
        var position = range.TryResolve(bytes.Length, out var start, out var end) ? Bits.Find(bytes, bit, start, end) : -1;
        // Looking for a 0 without an end, the string counts as followed by zeros for ever.
        if (position < 0 && !bit && !range.HasEnd && start <= end)
            position = (long)bytes.Length * 8;
        call.Reply.Integer(position);
    }

    private static bool TryOffset(ref RedisCall call, int index, out long offset)
    {
        if (!call.TryInteger(index, out offset, BadOffset))
            return false;
        if (offset is >= 0 and <= Bits.OffsetMax)
            return true;
        call.Reply.Error(BadOffset);
        return false;
    }

    private static bool TryBit(ref RedisCall call, int index, string error, out bool bit)
    {
        bit = false;
        if (!call.TryInteger(index, out var value, error))
            return false;
        bit = value == 1;
        if (value is 0 or 1)
            return true;
        call.Reply.Error(error);
        return false;
    }
}
