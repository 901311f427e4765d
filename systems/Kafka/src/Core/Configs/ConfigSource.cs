namespace Microcosm.Kafka;

/// <summary>Kafka's codes of where a configuration's value comes from (DescribeConfigs).</summary>
internal enum ConfigSource : sbyte
{
    Topic = 1,

    /// <summary>Changed for this broker.</summary>
    DynamicBroker = 2,

    /// <summary>Changed for all brokers.</summary>
    DynamicDefaultBroker = 3,

    /// <summary>The options that the cluster was started with.</summary>
    StaticBroker = 4,

    Default = 5,
    Group = 8,
}
