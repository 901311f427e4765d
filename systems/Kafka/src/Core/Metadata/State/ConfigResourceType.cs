namespace Microcosm.Kafka;

/// <summary>Kafka's codes of what has a configuration.</summary>
internal enum ConfigResourceType : byte
{
    Unknown = 0,
    Topic = 2,
    Broker = 4,
    BrokerLogger = 8,
    ClientMetrics = 16,
    Group = 32,
}
