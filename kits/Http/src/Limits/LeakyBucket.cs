namespace Microcosm.Http;

/// <summary>
/// The requests of one key over a rate (nginx' limit_req): each adds one, and the rate takes them away. A struct that changes.
/// </summary>
public struct LeakyBucket
{
    private const long ForgottenMs = 60_000;

    private long _excess;
    private long _lastMs;
    private bool _isUsed;

    /// <summary>When it was counted last, in milliseconds.</summary>
    public readonly long LastMs => _lastMs;

    /// <summary>Counts a request, unless it is refused.</summary>
    /// <param name="nowMs">A clock that does not jump.</param>
    public RateVerdict Take(in RateLimit limit, long nowMs)
    {
        var verdict = Look(limit, nowMs);
        if (!verdict.IsRefused)
            Count(verdict.Excess, nowMs);
        return verdict;
    }

    /// <summary>What <see cref="Take"/> would say.</summary>
    public readonly RateVerdict Look(in RateLimit limit, long nowMs)
    {
        if (!_isUsed)
            return new RateVerdict(false, 0, 0);
        var excess = Math.Max(0, _excess - limit.Rate * Elapsed(nowMs) / 1000 + 1000);
        if (excess > limit.Burst)
            return new RateVerdict(true, excess, 0);
        return new RateVerdict(false, excess, excess <= limit.Delay ? 0 : (excess - limit.Delay) * 1000 / limit.Rate);
    }

    /// <summary>What is over the rate, in thousandths of a request.</summary>
    public readonly long ExcessAt(long rate, long nowMs) => Math.Max(0, _excess - rate * Elapsed(nowMs) / 1000);

    /// <summary>True where nothing is left of what was counted, and that was a minute ago: the key may be forgotten.</summary>
    public readonly bool IsEmpty(long rate, long nowMs) =>
        Elapsed(nowMs) >= ForgottenMs && _excess - rate * Elapsed(nowMs) / 1000 <= 0;

    private void Count(long excess, long nowMs)
    {
        (_excess, _isUsed) = (excess, true);
        if (nowMs != _lastMs)
            _lastMs = Math.Max(nowMs, _lastMs);
    }

    private readonly long Elapsed(long nowMs) => Math.Max(0, nowMs - _lastMs);
}
