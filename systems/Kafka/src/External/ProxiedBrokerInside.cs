namespace Microcosm.Kafka;

/// <summary>A broker of the external cluster: where it is, and where clients find it.</summary>
internal sealed record ProxiedBrokerInside(int Id, string Upstream, string Endpoint);
