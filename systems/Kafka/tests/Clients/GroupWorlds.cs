using Confluent.Kafka;

namespace Microcosm.Kafka.Tests.Clients;

/// <summary>Worlds for groups: members of KIP-848 hear of changes at their next heartbeat, and that is soon here.</summary>
internal static class GroupWorlds
{
    public static Task<World> StartAsync(int nodes = 1, string? folder = null) => World.StartAsync(w =>
    {
        w.Options.DataFolder = folder;
        w.AddKafka(o =>
        {
            o.Nodes = nodes;
            o.Set("group.consumer.min.heartbeat.interval.ms", "100");
            o.Set("group.consumer.heartbeat.interval.ms", "100");
        });
    }, TestContext.Current.CancellationToken);

    public static IAdminClient Admin(World world) => new AdminClientBuilder(
        new AdminClientConfig { BootstrapServers = world.System("kafka").ConnectionString }).SetLogHandler((_, _) => { }).Build();

    public static async Task MakeTopicAsync(World world, string name = "t", int partitions = 6, short replicas = 1)
    {
        using var admin = Admin(world);
        await admin.CreateTopicsAsync([new() { Name = name, NumPartitions = partitions, ReplicationFactor = replicas }]);
    }

    /// <summary>Writes numbers, to the partitions in turn.</summary>
    public static async Task WriteAsync(World world, int from, int count, string topic = "t", int partitions = 6)
    {
        using var producer = new ProducerBuilder<Null, string>(new ProducerConfig
            { BootstrapServers = world.System("kafka").ConnectionString, LingerMs = 0 }).SetLogHandler((_, _) => { }).Build();
        await Task.WhenAll(Enumerable.Range(from, count).Select(n =>
            producer.ProduceAsync(new Confluent.Kafka.TopicPartition(topic, n % partitions), new() { Value = $"{n}" })));
    }
}
