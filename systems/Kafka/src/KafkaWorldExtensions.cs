using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>Adds Kafka to a world.</summary>
public static class KafkaWorldExtensions
{
    /// <summary>Adds a cluster, <c>kafka-1</c> and on.</summary>
    public static IWorldBuilder AddKafka(this IWorldBuilder world, Action<KafkaOptions>? configure = null)
    {
        var options = new KafkaOptions();
        configure?.Invoke(options);
        return world.Add(new KafkaSystem(options));
    }

    /// <summary>
    /// Adds a cluster outside of the world, through a proxy that knows its operations, in the place of <see cref="AddKafka"/>: system
    /// <c>kafka</c>, node <c>kafka-proxy</c>. The world does not start where the cluster cannot be reached.
    /// </summary>
    /// <param name="bootstrapServers"><c>host:port</c> of some brokers, separated by commas. Throws <see
    /// cref="ArgumentException"/>.</param>
    public static IWorldBuilder AddExternalKafka(
        this IWorldBuilder world, string bootstrapServers, Action<ExternalKafkaOptions>? configure = null)
    {
        var options = new ExternalKafkaOptions(bootstrapServers);
        configure?.Invoke(options);
        return world.Add(new ExternalKafkaSystem(options));
    }
}
