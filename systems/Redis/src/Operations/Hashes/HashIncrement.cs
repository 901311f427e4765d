using System.Buffers.Text;
using System.Text;

namespace Microcosm.Redis;

/// <summary>HINCRBY and HINCRBYFLOAT. The float form propagates as HSET, since additions may differ between machines.</summary>
internal static class HashIncrement
{
    private const RedisCommandFlags Flags = RedisCommandFlags.Write | RedisCommandFlags.DenyOom | RedisCommandFlags.Fast;

    [RedisCommand("HINCRBY", 4, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "2.0.0", Group = "hash",
        Summary = "Increment the integer value of a hash field by the given number", Complexity = "O(1)",
        Syntax = "key field increment:integer",
        Keys = "RW access update @1")]
    public static void HIncrBy(ref RedisCall call)
    {
        if (!call.TryInteger(3, out var amount) || !call.TryWrite<HashObject>(call[1], out var hash))
            return;
        var old = 0L;
        if (hash is not null && hash.TryGet(call[2], out var value))
        {
            if (value.IsInteger)
            {
                old = value.Integer;
            }
            else if (!RedisNumber.TryParse(value.Bytes, out old))
            {
                call.Reply.Error("ERR hash value is not an integer");
                return;
            }
        }
        if (amount < 0 ? old < long.MinValue - amount : old > long.MaxValue - amount)
        {
            call.Reply.Error("ERR increment or decrement would overflow");
            return;
        }
        Span<byte> digits = stackalloc byte[Element.ScratchBytes];
        Utf8Formatter.TryFormat(old + amount, digits, out var length);
        HashSet.Put(ref call, hash, call[2], digits[..length]);
        call.Modified(call[1], NotifyClass.Hash, "hincrby");
        call.Reply.Integer(old + amount);
    }

    [RedisCommand("HINCRBYFLOAT", 4, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "2.6.0", Group = "hash",
        Summary = "Increment the float value of a hash field by the given amount", Complexity = "O(1)",
        Syntax = "key field increment:double",
        Keys = "RW access update @1")]
    public static void HIncrByFloat(ref RedisCall call)
    {
        if (!LongDouble.TryParse(call[3], out var amount))
        {
            var isInfinite = RedisNumber.TryParse(call[3], out double infinity) && double.IsInfinity(infinity);
            call.Reply.Error(isInfinite ? "ERR value is NaN or Infinity" : RedisErrors.NotAFloat);
            return;
        }
        if (!call.TryWrite<HashObject>(call[1], out var hash))
            return;
        var old = LongDouble.Zero;
        Span<byte> scratch = stackalloc byte[Element.ScratchBytes];
        if (hash is not null && hash.TryGet(call[2], out var value) && !LongDouble.TryParse(value.Text(scratch), out old))
        {
            call.Reply.Error("ERR hash value is not a float");
            return;
        }
        if (!LongDouble.TryAdd(old, amount, out var sum))
        {
            call.Reply.Error("ERR increment would produce NaN or Infinity");
            return;
        }
        var text = Encoding.ASCII.GetBytes(sum.ToString());
        HashSet.Put(ref call, hash, call[2], text);
        call.Modified(call[1], NotifyClass.Hash, "hincrbyfloat");
        call.Reply.Bulk(text);
        call.PropagateInstead("HSET"u8.ToArray(), call.Copy(1), call.Copy(2), text);
    }
}
