using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>
/// Lets bursts through and owes for them (KIP-599): tokens come at the limit's rate, up to as many as come in all windows; what is taken
/// may make them negative. Invariant: never more than the burst.
/// </summary>
internal sealed class TokenBucket
{
    private readonly double _windowSeconds;
    private double _tokens = double.PositiveInfinity;
    private double _limit;
    private long _updatedMs;

    public TokenBucket(int windows, int windowMs) => _windowSeconds = windows * (windowMs / 1000.0);

    public void Record(double value, double limitPerSecond, long nowMs)
    {
        Refill(limitPerSecond, nowMs);
        _tokens = Math.Min(Burst, _tokens - value);
        Invariant.Check(_tokens <= Burst, "never more tokens than the burst");
    }

    /// <summary>How long until nothing is owed, in ms; 0 if nothing is.</summary>
    public long ThrottleMs(double limitPerSecond, long nowMs)
    {
        Refill(limitPerSecond, nowMs);
        return _tokens >= 0 ? 0 : (long)Math.Floor(-_tokens / limitPerSecond * 1000 + 0.5);
    }

    /// <summary>Whether it says no more than a new one would.</summary>
    public bool IsIdle(long nowMs)
    {
        Refill(_limit, nowMs);
        return _tokens >= Burst;
    }

    private double Burst => _limit * _windowSeconds;

    // A new bucket is full.
    private void Refill(double limitPerSecond, long nowMs)
    {
        _limit = limitPerSecond;
        _tokens = Math.Min(Burst, _tokens + limitPerSecond * (nowMs - _updatedMs) / 1000.0);
        _updatedMs = nowMs;
    }
}
