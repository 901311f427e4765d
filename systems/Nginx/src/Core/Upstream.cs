namespace Microcosm.Nginx;

/// <summary>An upstream as the configuration declares it; what serves takes its clusters from these.</summary>
internal sealed record Upstream(
    string Name, int Port, IReadOnlyList<UpstreamServer> Servers, BalancingPolicy Policy, UpstreamKeepAlive KeepAlive, SharedZone? Zone,
    ResolverAddresses? Resolver, long ResolverTimeoutMs);
