using System.Buffers.Text;
using System.Text;

namespace Microcosm.Redis;

/// <summary>
/// INCR, DECR, INCRBY, DECRBY, INCRBYFLOAT. The float form propagates as SET, since additions may differ between machines.
/// </summary>
internal static class Increment
{
    private const RedisCommandFlags Flags = RedisCommandFlags.Write | RedisCommandFlags.DenyOom | RedisCommandFlags.Fast;

    [RedisCommand("INCR", 2, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1, Group = "string",
        Summary = "Increment the integer value of a key by one", Complexity = "O(1)",
        Syntax = "key",
        Keys = "RW access update @1")]
    public static void Incr(ref RedisCall call) => Add(ref call, 1);

    [RedisCommand("DECR", 2, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1, Group = "string",
        Summary = "Decrement the integer value of a key by one", Complexity = "O(1)",
        Syntax = "key",
        Keys = "RW access update @1")]
    public static void Decr(ref RedisCall call) => Add(ref call, -1);

    [RedisCommand("INCRBY", 3, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1, Group = "string",
        Summary = "Increment the integer value of a key by the given amount", Complexity = "O(1)",
        Syntax = "key increment:integer",
        Keys = "RW access update @1")]
    public static void IncrBy(ref RedisCall call)
    {
        if (call.TryInteger(2, out var amount))
            Add(ref call, amount);
    }

    [RedisCommand("DECRBY", 3, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1, Group = "string",
        Summary = "Decrement the integer value of a key by the given number", Complexity = "O(1)",
        Syntax = "key decrement:integer",
        Keys = "RW access update @1")]
    public static void DecrBy(ref RedisCall call)
    {
        if (!call.TryInteger(2, out var amount))
            return;
        if (amount == long.MinValue)
            call.Reply.Error("ERR decrement would overflow");
        else
            Add(ref call, -amount);
    }

    [RedisCommand("INCRBYFLOAT", 3, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "2.6.0", Group = "string",
        Summary = "Increment the float value of a key by the given amount", Complexity = "O(1)",
        Syntax = "key increment:double",
        Keys = "RW access update @1")]
    public static void IncrByFloat(ref RedisCall call)
    {
        var key = call[1];
        if (!call.TryWriteString(key, out var entry))
            return;
        var old = LongDouble.Zero;
        if (entry.Exists && !LongDouble.TryParse(entry.StringValue, out old))
        {
            call.Reply.Error(RedisErrors.NotAFloat);
            return;
        }
        if (!LongDouble.TryParse(call[2], out var amount))
        {
            var isInfinite = RedisNumber.TryParse(call[2], out double infinity) && double.IsInfinity(infinity);
            call.Reply.Error(isInfinite ? "ERR increment would produce NaN or Infinity" : RedisErrors.NotAFloat);
            return;
        }
        if (!LongDouble.TryAdd(old, amount, out var sum))
        {
            call.Reply.Error("ERR increment would produce NaN or Infinity");
            return;
        }
        var text = Encoding.ASCII.GetBytes(sum.ToString());
        call.Db.SetString(key, text, keepExpiry: true);
        call.Modified(key, NotifyClass.String, "incrbyfloat");
        call.Reply.Bulk(text);
        call.PropagateInstead("SET"u8.ToArray(), call.Copy(1), text, "KEEPTTL"u8.ToArray());
    }

    private static void Add(ref RedisCall call, long amount)
    {
        var key = call[1];
        if (!call.TryWriteString(key, out var entry))
            return;
        var old = 0L;
        if (entry.Exists && !RedisNumber.TryParse(entry.StringValue, out old))
        {
            call.Reply.Error(RedisErrors.NotAnInteger);
            return;
        }
        if (amount < 0 ? old < long.MinValue - amount : old > long.MaxValue - amount)
        {
            call.Reply.Error("ERR increment or decrement would overflow");
            return;
        }
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(old + amount, digits, out var n);
        call.Db.SetString(key, digits[..n], keepExpiry: true);
        call.Modified(key, NotifyClass.String, "incrby");
        call.Reply.Integer(old + amount);
    }
}
