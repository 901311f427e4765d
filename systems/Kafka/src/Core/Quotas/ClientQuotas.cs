using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>
/// What clients have used, and for how long to mute those that used too much (KIP-13, KIP-219). Invariants: nobody waits who has no quota;
/// what is remembered of a client is dropped when it says no more than nothing would.
/// </summary>
internal sealed class ClientQuotas(QuotaTable table, QuotaOptions options)
{
    private readonly Dictionary<(ClientQuotaType Type, string User, string ClientId), RateWindow> _rates = [];
    private readonly Dictionary<(string User, string ClientId), TokenBucket> _buckets = [];
    private long _sweepAtMs = long.MinValue;

    /// <summary>Clients that something is remembered of.</summary>
    public int Sensors => _rates.Count + _buckets.Count;

    /// <summary>Counts what was used; gives for how long to throttle the client, in ms.</summary>
    /// <param name="user">The principal's name, without <c>User:</c>.</param>
    /// <param name="value">Bytes; of <see cref="ClientQuotaType.Request"/>, percent of a core's second: 100 × the seconds taken.</param>
    public long Record(ClientQuotaType type, string user, string clientId, double value, long nowMs)
    {
        Invariant.Check(type != ClientQuotaType.ControllerMutation, "mutations have a bucket, not a rate");
        if (Rate(type, user, clientId, nowMs) is not var (rate, limit))
            return 0;
        rate.Record(value, nowMs);
        var throttleMs = rate.ThrottleMs(limit, nowMs);
        return type == ClientQuotaType.Request ? Math.Min(throttleMs, options.WindowMs) : throttleMs;
    }

    /// <summary>Counts without throttling; a negative value takes back what was counted and then not sent.</summary>
    public void RecordOnly(ClientQuotaType type, string user, string clientId, double value, long nowMs)
    {
        if (Rate(type, user, clientId, nowMs) is var (rate, _))
            rate.Record(value, nowMs);
    }

    /// <summary>The most that one request may use without making its client wait for long; a fetch gets no more bytes.</summary>
    public double MaxInWindow(ClientQuotaType type, string user, string clientId) =>
        table.Find(type, user, clientId) is var (_, _, limit)
            ? limit * (options.WindowNum - 1) * options.WindowMs / 1000 : double.MaxValue;

    /// <summary>
    /// Counts partitions to be created or deleted (KIP-599); gives for how long to throttle, in ms. Above 0 and strict: nothing was counted
    /// and the operation is to be refused with THROTTLING_QUOTA_EXCEEDED.
    /// </summary>
    /// <param name="isStrict">Of request versions that know the refusal; for older ones the operation is done and the client muted.</param>
    public long RecordMutations(string user, string clientId, double partitions, bool isStrict, long nowMs)
    {
        if (table.Find(ClientQuotaType.ControllerMutation, user, clientId) is not var (owner, client, limit))
            return 0;
        Sweep(nowMs);
        if (!_buckets.TryGetValue((owner, client), out var bucket))
            bucket = _buckets[(owner, client)] = new TokenBucket(options.ControllerWindowNum, options.ControllerWindowMs);
        if (isStrict && bucket.ThrottleMs(limit, nowMs) is var owedMs and > 0)
            return owedMs;
        bucket.Record(partitions, limit, nowMs);
        return isStrict ? 0 : bucket.ThrottleMs(limit, nowMs);
    }

    private (RateWindow Rate, double Limit)? Rate(ClientQuotaType type, string user, string clientId, long nowMs)
    {
        if (table.Find(type, user, clientId) is not var (owner, client, limit))
            return null;
        Sweep(nowMs);
        if (!_rates.TryGetValue((type, owner, client), out var rate))
            rate = _rates[(type, owner, client)] = new RateWindow(options.WindowNum, options.WindowMs);
        return (rate, limit);
    }

    private void Sweep(long nowMs)
    {
        if (nowMs < _sweepAtMs)
            return;
        _sweepAtMs = nowMs + (long)options.WindowNum * options.WindowMs;
        foreach (var (key, rate) in _rates)
        {
            if (rate.IsIdle(nowMs))
                _rates.Remove(key);
        }
        foreach (var (key, bucket) in _buckets)
        {
            if (bucket.IsIdle(nowMs))
                _buckets.Remove(key);
        }
    }
}
