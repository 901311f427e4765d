namespace Microcosm.Nginx;

/// <summary>Name servers of the <c>resolver</c> directive.</summary>
/// <param name="Servers">Asked in turn.</param>
/// <param name="ValidSeconds">Overrides records' TTL; 0 for not.</param>
/// <param name="UsesIp4">IPv4 addresses are asked for.</param>
/// <param name="UsesIp6">IPv6 addresses are asked for.</param>
/// <param name="Zone">Status zone, or empty.</param>
internal sealed record ResolverAddresses(IReadOnlyList<Address> Servers, long ValidSeconds, bool UsesIp4, bool UsesIp6, string Zone);
