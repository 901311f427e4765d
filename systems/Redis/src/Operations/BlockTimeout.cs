namespace Microcosm.Redis;

/// <summary>The time-out of blocking commands: seconds with fractions, 0 for ever.</summary>
internal static class BlockTimeout
{
    public static bool TryParse(ref RedisCall call, int index, out long timeoutMs)
    {
        timeoutMs = 0;
        if (!call.TryDouble(index, out var seconds, RedisErrors.TimeoutNotFloat))
            return false;
        var ms = Math.Ceiling(seconds * 1000);
        if (ms < 0)
        {
            call.Reply.Error(RedisErrors.TimeoutNegative);
            return false;
        }
        if (ms > long.MaxValue / 2)
        {
            call.Reply.Error("ERR timeout is out of range");
            return false;
        }
        timeoutMs = (long)ms;
        return true;
    }

    /// <summary>Arguments copied, to wait for them as keys.</summary>
    public static byte[][] Keys(ref RedisCall call, int first, int count)
    {
        var keys = new byte[count][];
        for (var i = 0; i < count; i++)
            keys[i] = call.Copy(first + i);
        return keys;
    }
}
