using System.Net;
using Microcosm.Http;
using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary>
/// nginx as the Inside page shows it: connections, locations, servers of upstreams, caches, limits. A copy, taken in one turn.
/// </summary>
internal sealed record NginxInside
{
    // A page is for reading.
    private const int RowsMax = 200;

    public required IReadOnlyList<string> Listens { get; init; }

    public required ConnectionsInside Connections { get; init; }

    public required IReadOnlyList<LocationInside> Locations { get; init; }

    public required IReadOnlyList<UpstreamServerInside> Upstreams { get; init; }

    public required IReadOnlyList<CacheInside> Caches { get; init; }

    /// <summary>How often each <c>$upstream_cache_status</c> came: <c>HIT 3</c>.</summary>
    public required IReadOnlyList<string> CacheStatuses { get; init; }

    public required IReadOnlyList<CachedInside> Cached { get; init; }

    public required IReadOnlyList<LimitInside> Limits { get; init; }

    /// <summary>On the node's executor.</summary>
    public static NginxInside Read(NginxServer server, NodeContext context)
    {
        var (counters, worker, configuration) = (server.Counters, server.Workers[0], server.Configuration);
        var nowMs = worker.Http.Deadlines.NowMs;
        var upstreams = (configuration.Http?.Upstreams ?? []).Concat(configuration.Stream?.Upstreams ?? []);
        var caches = configuration.Zones.Where(z => z.State is ResponseCache)
            .Select(z => (z.Name, Cache: (ResponseCache)z.State!)).ToArray();
        return new NginxInside
        {
            Listens = [.. NodeConfiguration.Listens(configuration).Select(a => a.ToString())],
            Connections = new ConnectionsInside(counters.Active, counters.Reading, counters.Writing, counters.Waiting, counters.Accepted,
                counters.Requests),
            Locations = [.. (configuration.Http?.Servers ?? [])
                .SelectMany(s => LocationsOf(s.Root).Select(l => LocationOf(s, l, nowMs / 1000))).Take(RowsMax)],
            Upstreams = [.. upstreams.SelectMany(u => ServersOf(server, u, context.Network.Addresses, nowMs / 1000)).Take(RowsMax)],
            Caches = [.. caches.Select(c => new CacheInside(c.Name, c.Cache.Count, c.Cache.Bytes, c.Cache.Store.BytesMax))],
            CacheStatuses = [.. worker.CacheStatuses.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key} {s.Value}")],
            Cached = [.. caches.SelectMany(c => c.Cache.Last(RowsMax).Select(k =>
                new CachedInside(c.Name, k.Key.Value.ToString("x32", null), k.Bytes, k.Uses))).Take(RowsMax)],
            Limits = [.. configuration.Zones.SelectMany(z => LimitsOf(z, nowMs)).Take(RowsMax)],
        };
    }

    private static IEnumerable<HttpLocation> LocationsOf(HttpLocation location) =>
        location.Tree.All.SelectMany(LocationsOf).Prepend(location);

    private static LocationInside LocationOf(HttpServer server, HttpLocation location, long second)
    {
        var counter = location.Counter;
        return new LocationInside(server.Name, NameOf(location), counter.Requests, counter.Rate(second), counter.Refused, counter.Failed,
            counter.Bytes);
    }

    private static string NameOf(HttpLocation location) => location.Kind switch
    {
        LocationKind.Exact => $"= {location.Name}",
        LocationKind.PrefixNoPatterns => $"^~ {location.Name}",
        LocationKind.Pattern => $"~ {location.Name}",
        _ => location.Name.Length == 0 ? "(none)" : location.Name,
    };

    private static IEnumerable<UpstreamServerInside> ServersOf(NginxServer server, Upstream upstream, NodeAddresses names, long second)
    {
        var servers = server.Upstreams.Of(upstream);
        var worker = server.Workers[0].Http;
        return servers.Look((peer, isBackup) => new UpstreamServerInside(upstream.Name, peer.Name, UpstreamServers.TextOf(peer.Address),
            peer.Address is IPEndPoint ip ? names.NameAt(ip.Address) ?? "" : "", StateOf(peer, second), isBackup, peer.Weight,
            peer.EffectiveWeight, peer.CurrentWeight, peer.Requests, peer.Failures, peer.Fails, peer.Connections,
            servers.Pool?.CountTo(worker, peer.Address) ?? 0, peer.Checkers.Sum(c => c.Check.Checks),
            peer.Checkers.Sum(c => c.Check.Failures)));
    }

    private static string StateOf(Peer peer, long second) => peer.IsDown ? "down"
        : peer.Health == HealthState.Unhealthy ? "unhealthy" : peer.Health == HealthState.Checking ? "checking"
        : peer.IsFailed(second) ? "failed" : peer.IsAvailable(second) ? "up" : "full";

    private static IEnumerable<LimitInside> LimitsOf(SharedZone zone, long nowMs) => zone switch
    {
        { State: RateZone rates, Definition: RequestRate rate } => rates.Last(RowsMax, rate.RateMilli, nowMs)
            .Select(k => new LimitInside(zone.Name, "limit_req", TextOf(k.Key), k.Excess / 1000.0)),
        { State: ConnectionZone counts } => counts.Busiest(RowsMax)
            .Select(k => new LimitInside(zone.Name, "limit_conn", TextOf(k.Key), k.Count)),
        _ => [],
    };

    // Keys are bytes, most often those of an address.
    private static string TextOf(string key) => key.All(c => c is >= ' ' and <= '~') ? key
        : key.Length is 4 or 16 ? new IPAddress(Latin1.Bytes(key)).ToString() : Convert.ToHexStringLower(Latin1.Bytes(key));
}
