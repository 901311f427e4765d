namespace Microcosm.Kafka;

/// <summary>Where a broker is for a client that came by some listener: by the same way (KIP-103).</summary>
internal static class ClientEndpoints
{
    /// <summary>Null where the broker has no such listener.</summary>
    public static BrokerEndpoint? Of(BrokerRegistration broker, KafkaListener listener) =>
        broker.Endpoints.FirstOrDefault(e => e.Listener == listener.Name);
}
