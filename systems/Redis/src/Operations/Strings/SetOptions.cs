namespace Microcosm.Redis;

/// <summary>The options of SET and GETEX: NX, XX, GET, KEEPTTL, PERSIST and the four kinds of expiry.</summary>
internal struct SetOptions
{
    public bool IfMissing;
    public bool IfExists;
    public bool Get;
    public bool KeepTtl;
    public bool Persist;

    /// <summary>Unix milliseconds, or below 0 when none was given.</summary>
    public long ExpireAtMs;

    private bool _hasExpiry;

    public readonly bool NeedsOld => IfMissing || IfExists || Get;

    /// <summary>Reads options from argument <paramref name="at"/> on, or answers the error and returns false.</summary>
    public bool TryParse(ref RedisCall call, int at, bool forGetEx = false)
    {
        ExpireAtMs = -1;
        for (var i = at; i < call.Count; i++)
        {
            if (!forGetEx && !IfExists && call.Is(i, "NX"u8))
                IfMissing = true;
            else if (!forGetEx && !IfMissing && call.Is(i, "XX"u8))
                IfExists = true;
            else if (!forGetEx && call.Is(i, "GET"u8))
                Get = true;
            else if (!forGetEx && !_hasExpiry && call.Is(i, "KEEPTTL"u8))
                KeepTtl = true;
            else if (forGetEx && !_hasExpiry && call.Is(i, "PERSIST"u8))
                Persist = true;
            else if (_hasExpiry || KeepTtl || Persist || i + 1 >= call.Count || ExpiryUnit(ref call, i) is not { } unit)
                return Syntax(ref call);
            else if (!TryExpiry(ref call, ++i, unit))
                return false;
        }
        return true;
    }

    private static bool Syntax(ref RedisCall call)
    {
        call.SyntaxError();
        return false;
    }

    private static (long Scale, bool Absolute)? ExpiryUnit(ref RedisCall call, int i) =>
        call.Is(i, "EX"u8) ? (1000, false)
        : call.Is(i, "PX"u8) ? (1, false)
        : call.Is(i, "EXAT"u8) ? (1000, true)
        : call.Is(i, "PXAT"u8) ? (1, true)
        : null;

    private bool TryExpiry(ref RedisCall call, int i, (long Scale, bool Absolute) unit)
    {
        _hasExpiry = true;
        if (!call.TryInteger(i, out var value))
            return false;
        var now = unit.Absolute ? 0 : call.NowMs;
        if (value <= 0 || value > (long.MaxValue - now) / unit.Scale)
        {
            call.Reply.Error($"ERR invalid expire time in '{call.Operation.Declaration.Name.ToLowerInvariant()}' command");
            return false;
        }
        ExpireAtMs = now + value * unit.Scale;
        return true;
    }
}
