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
}
