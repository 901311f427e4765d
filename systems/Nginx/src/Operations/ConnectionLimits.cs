using Microcosm.Http;
using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary><c>limit_conn</c>: how many requests of a key may be under way (ngx_http_limit_conn_module).</summary>
internal static class ConnectionLimits
{
    /// <summary>A longer key is not counted.</summary>
    [Limit("limit_conn key")]
    public const int KeyBytesMax = 255;

    /// <summary>0 lets the request pass; it is counted until it is over.</summary>
    public static int Check(HttpRequest request)
    {
        var (level, module) = (request.Level, LimitConnModule.Http);
        if (level.Get(module.Limits) is not { Count: > 0 } limits || request.Origin.ConnectionLimitStatus is not null)
            return 0;
        var isDryRun = level.Get(module.DryRun);
        foreach (var limit in limits)
        {
            if (RequestLimits.KeyOf((ComplexValue)limit.Zone.Definition!, request.Values, KeyBytesMax, request.LogError) is not { } key)
                continue;
            request.Origin.ConnectionLimitStatus = "PASSED";
            var zone = (ConnectionZone)limit.Zone.State!;
            var verdict = zone.Begin(key, limit.Connections);
            if (verdict == ConnectionVerdict.Counted)
            {
                request.Origin.Counted.Add((zone, key));
                continue;
            }
            if (verdict == ConnectionVerdict.OverLimit)
                request.LogError(RequestLimits.LevelOf(level.Get(module.LogLevel)),
                    $"limiting connections{(isDryRun ? ", dry run," : "")} by zone \"{limit.Zone.Name}\"");
            End(request.Origin);
            request.Origin.ConnectionLimitStatus = isDryRun ? "REJECTED_DRY_RUN" : "REJECTED";
            return isDryRun ? 0 : (int)level.Get(module.Status!);
        }
        return 0;
    }

    /// <summary>The request is over.</summary>
    public static void End(HttpRequest request)
    {
        if (request.ConnectionLimitStatus is null)
            return;
        foreach (var (zone, key) in request.Counted)
            zone.End(key);
        request.Counted.Clear();
    }
}
