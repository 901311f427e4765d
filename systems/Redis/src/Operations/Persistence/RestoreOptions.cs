namespace Microcosm.Redis;

/// <summary>The words behind RESTORE's payload.</summary>
internal record struct RestoreOptions(bool Replace, bool IsAbsolute, long IdleSeconds, long Frequency)
{
    /// <summary>Reads them, or answers the error.</summary>
    public static bool TryRead(ref RedisCall call, out RestoreOptions options)
    {
        options = new RestoreOptions(false, false, -1, -1);
        for (var i = 4; i < call.Count; i++)
        {
            if (call.Is(i, "REPLACE"u8))
                options.Replace = true;
            else if (call.Is(i, "ABSTTL"u8))
                options.IsAbsolute = true;
            else if (call.Is(i, "IDLETIME"u8) && i + 1 < call.Count && options.Frequency < 0)
            {
                if (!TryNumber(ref call, ++i, long.MaxValue, "ERR Invalid IDLETIME value, must be >= 0", out var seconds))
                    return false;
                options.IdleSeconds = seconds;
            }
            else if (call.Is(i, "FREQ"u8) && i + 1 < call.Count && options.IdleSeconds < 0)
            {
                if (!TryNumber(ref call, ++i, 255, "ERR Invalid FREQ value, must be >= 0 and <= 255", out var frequency))
                    return false;
                options.Frequency = frequency;
            }
            else
            {
                call.SyntaxError();
                return false;
            }
        }
        return true;
    }

    private static bool TryNumber(ref RedisCall call, int index, long max, string error, out long value)
    {
        if (!call.TryInteger(index, out value))
            return false;
        if (value >= 0 && value <= max)
            return true;
        call.Reply.Error(error);
        return false;
    }
}
