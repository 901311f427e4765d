namespace Microcosm.Kafka;

/// <summary>A client's connection through the proxy.</summary>
/// <param name="Upstream">The broker that it leads to; empty until it is reached.</param>
/// <param name="UnderWay">Requests that are not answered.</param>
/// <param name="PendingBytes">Of answers that the client has not taken.</param>
internal sealed record ProxyConnectionInside(long Id, string Client, string Upstream, int UnderWay, long PendingBytes);
