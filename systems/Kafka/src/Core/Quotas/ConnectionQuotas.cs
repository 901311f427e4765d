namespace Microcosm.Kafka;

/// <summary>
/// How fast an address may open connections (KIP-612). Invariant: a connection that is refused does not count.
/// </summary>
internal sealed class ConnectionQuotas(QuotaTable table, QuotaOptions options)
{
    private readonly Dictionary<string, RateWindow> _rates = new(StringComparer.Ordinal);
    private long _sweepAtMs = long.MinValue;

    /// <summary>Addresses that something is remembered of.</summary>
    public int Sensors => _rates.Count;

    /// <summary>
    /// Counts one connection. Above 0: it is refused, and closed after so many ms, so that its client does not come again at once.
    /// </summary>
    /// <param name="ip">As .NET writes the address.</param>
    public long Record(string ip, long nowMs)
    {
        if (table.FindIp(ip) is not { } limit)
            return 0;
        Sweep(nowMs);
        if (!_rates.TryGetValue(ip, out var rate))
            rate = _rates[ip] = new RateWindow(options.WindowNum, options.WindowMs);
        rate.Record(1, nowMs);
        var throttleMs = Math.Min(rate.ThrottleMs(limit, nowMs), options.WindowMs);
        if (throttleMs > 0)
            rate.Record(-1, nowMs);
        return throttleMs;
    }

    private void Sweep(long nowMs)
    {
        if (nowMs < _sweepAtMs)
            return;
        _sweepAtMs = nowMs + (long)options.WindowNum * options.WindowMs;
        foreach (var (ip, rate) in _rates)
        {
            if (rate.IsIdle(nowMs))
                _rates.Remove(ip);
        }
    }
}
