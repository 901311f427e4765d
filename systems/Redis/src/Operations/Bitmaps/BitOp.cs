namespace Microcosm.Redis;

/// <summary>BITOP: AND, OR, XOR, NOT over strings; shorter ones count as padded with zeros.</summary>
internal static class BitOp
{
    [RedisCommand("BITOP", -4, Flags = RedisCommandFlags.Write | RedisCommandFlags.DenyOom, FirstKey = 2, LastKey = -1, KeyStep = 1,
        Since = "2.6.0",
        Group = "bitmap", Summary = "Perform bitwise operations between strings", Complexity = "O(N)",
        Syntax = "operation destkey:key key...",
        Keys = "OW update @2; RO access @3 -1/1/0")]
    public static void Execute(ref RedisCall call)
    {
        Func<int, int, int>? combine = call.Is(1, "AND"u8) ? (a, b) => a & b
            : call.Is(1, "OR"u8) ? (a, b) => a | b
            : call.Is(1, "XOR"u8) ? (a, b) => a ^ b
            : call.Is(1, "NOT"u8) ? (a, _) => ~a
            : null;
        if (combine is null)
        {
            call.SyntaxError();
            return;
        }
        var isNot = call.Is(1, "NOT"u8);
        if (isNot && call.Count != 4)
        {
            call.Reply.Error("ERR BITOP NOT must be called with a single source key.");
            return;
        }
        var sources = new byte[call.Count - 3][];
        for (var i = 0; i < sources.Length; i++)
        {
            if (!call.TryReadString(call[i + 3], out var entry))
                return;
            sources[i] = entry.IsMissing ? [] : entry.StringValue.ToArray();
        }
        var result = new byte[sources.Max(s => s.Length)];
        for (var at = 0; at < result.Length; at++)
        {
            int value = At(sources[0], at);
            for (var i = 1; i < sources.Length; i++)
                value = combine(value, At(sources[i], at));
            result[at] = (byte)(isNot ? ~value : value);
        }
        Store(ref call, result);
        call.Reply.Integer(result.Length);
    }

    private static void Store(ref RedisCall call, byte[] result)
    {
        if (result.Length > 0)
        {
            call.Db.SetString(call[2], result);
            call.Modified(call[2], NotifyClass.String, "set");
        }
        else if (call.Db.Write(call[2]).Exists && call.Db.Remove(call[2]))
        {
            call.Modified(call[2], NotifyClass.Generic, "del");
        }
    }

    private static byte At(byte[] bytes, int at) => at < bytes.Length ? bytes[at] : (byte)0;
}
