using System.Globalization;
using Microcosm.Http;
using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary><c>limit_req</c>: how often a key may ask; too often is refused, or waits (ngx_http_limit_req_module).</summary>
internal static class RequestLimits
{
    [Limit("limit_req key")]
    private const int KeyBytesMax = 65535;

    /// <summary>Status 0 lets the request pass, after the delay.</summary>
    public static (int Status, long DelayMs) Check(HttpRequest request)
    {
        var level = request.Level;
        if (level.Get(LimitReqModule.Limits) is not { Count: > 0 } limits || request.Origin.RequestLimitStatus is not null)
            return default;
        var isDryRun = level.Get(LimitReqModule.DryRun);
        var keys = new string?[limits.Count];
        // All zones have to agree before one of them counts the request.
        for (var i = 0; i < limits.Count; i++)
        {
            keys[i] = KeyOf(((RequestRate)limits[i].Zone.Definition!).Key, request.Values, KeyBytesMax, request.LogError);
            if (keys[i] is { } key && Look(request, limits[i], key) is { IsRefused: true } refused)
            {
                Say(request, LevelOf(level.Get(LimitReqModule.LogLevel)), isDryRun, "limiting requests", refused.Excess, "", limits[i]);
                request.Origin.RequestLimitStatus = isDryRun ? "REJECTED_DRY_RUN" : "REJECTED";
                return isDryRun ? default : ((int)level.Get(LimitReqModule.Status), 0);
            }
        }
        return Count(request, limits, keys, isDryRun);
    }

    private static (int Status, long DelayMs) Count(
        HttpRequest request, IReadOnlyList<RequestLimit> limits, string?[] keys, bool isDryRun)
    {
        var (delay, excess, slowest) = (0L, 0L, limits[^1]);
        for (var i = limits.Count - 1; i >= 0; i--)
        {
            if (keys[i] is not { } key)
                continue;
            request.Origin.RequestLimitStatus = "PASSED";
            var verdict = ZoneOf(limits[i]).Take(key, RateOf(limits[i]), NowMs(request));
            if (verdict.DelayMs > delay)
                (delay, excess, slowest) = (verdict.DelayMs, verdict.Excess, limits[i]);
        }
        if (delay == 0)
            return default;
        // Delays are told one level lower than refusals.
        var said = LevelOf(request.Level.Get(LimitReqModule.LogLevel));
        Say(request, said == LogLevel.Info ? said : said + 1, isDryRun, "delaying request", excess, ",", slowest);
        request.Origin.RequestLimitStatus = isDryRun ? "DELAYED_DRY_RUN" : "DELAYED";
        return isDryRun ? default : (0, delay);
    }

    /// <summary>The level that a limit's setting names.</summary>
    public static LogLevel LevelOf(LimitLogLevel level) => level switch
    {
        LimitLogLevel.Info => LogLevel.Info,
        LimitLogLevel.Notice => LogLevel.Notice,
        LimitLogLevel.Warn => LogLevel.Warn,
        _ => LogLevel.Error,
    };

    /// <summary>What a limit counts by; null where it does not count.</summary>
    public static string? KeyOf(ComplexValue source, RequestValues values, int bytesMax, Action<LogLevel, string> log)
    {
        var key = source.Evaluate(values).Span;
        if (key.Length <= bytesMax)
            return key.IsEmpty ? null : Latin1.Text(key);
        log(LogLevel.Error, $"the value of the \"{source.Source}\" key is more than {bytesMax} bytes: \"{Latin1.Text(key)}\"");
        return null;
    }

    private static RateVerdict Look(HttpRequest request, RequestLimit limit, string key) =>
        ZoneOf(limit).Look(key, RateOf(limit), NowMs(request));

    private static RateZone ZoneOf(RequestLimit limit) => (RateZone)limit.Zone.State!;

    private static RateLimit RateOf(RequestLimit limit) =>
        new(((RequestRate)limit.Zone.Definition!).RateMilli, limit.BurstMilli, limit.DelayMilli);

    private static long NowMs(HttpRequest request) => request.Worker.Http.Deadlines.NowMs;

    private static void Say(
        HttpRequest request, LogLevel level, bool isDryRun, string what, long excess, string comma, RequestLimit limit) =>
        request.LogError(level, string.Create(CultureInfo.InvariantCulture,
            $"{what}{(isDryRun ? ", dry run" : "")}, excess: {excess / 1000}.{excess % 1000:D3}{comma} by zone \"{limit.Zone.Name}\""));
}
