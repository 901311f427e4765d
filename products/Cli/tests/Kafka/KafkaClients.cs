using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Microcosm.Cli.Tests;

/// <summary>The official client's parts, as those of a service: they are told nothing of what is killed under them.</summary>
internal static class KafkaClients
{
    public const string Topic = "numbers";
    public const int Partitions = 6;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Idempotent, acks=all; a record is tried for as long as it takes.</summary>
    public static IProducer<Null, string> Producer(string brokers) => new ProducerBuilder<Null, string>(new ProducerConfig
    {
        BootstrapServers = brokers, EnableIdempotence = true, Acks = Acks.All, LingerMs = 2, MessageTimeoutMs = 0,
        ReconnectBackoffMaxMs = 500, RetryBackoffMs = 50, TopicMetadataRefreshIntervalMs = 5_000, SocketTimeoutMs = 10_000,
    }).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();

    /// <summary>In no group. Where an offset that it goes on from is gone, it says so.</summary>
    public static IConsumer<Ignore, string> Consumer(string brokers, string name) => Builder(Config(brokers, name)).Build();

    /// <summary>Of a group, in which it commits as it goes. To commit by hand would wait for ever for brokers that are dead.</summary>
    public static IConsumer<Ignore, string> Member(string brokers, string group, Action<CommittedOffsets> committed)
    {
        var config = Config(brokers, group);
        (config.EnableAutoCommit, config.AutoCommitIntervalMs, config.AutoOffsetReset) = (true, 100, AutoOffsetReset.Earliest);
        return Builder(config).SetOffsetsCommittedHandler((_, told) => committed(told)).Build();
    }

    public static async Task CreateTopicAsync(string brokers)
    {
        using var admin = Admin(brokers);
        await admin.CreateTopicsAsync([new TopicSpecification
        {
            Name = Topic, NumPartitions = Partitions, ReplicationFactor = 3,
            Configs = new() { ["min.insync.replicas"] = "2", ["unclean.leader.election.enable"] = "false" },
        }]);
    }

    /// <summary>The partitions as some broker knows them.</summary>
    public static List<PartitionMetadata> Describe(string brokers)
    {
        using var admin = Admin(brokers);
        return admin.GetMetadata(Topic, Patience).Topics[0].Partitions;
    }

    /// <summary>Every record of the topic up to where it ends, with offset and number, in the order in which they came.</summary>
    public static List<(long Offset, long Number)>[] ReadAll(string brokers)
    {
        var records = Enumerable.Range(0, Partitions).Select(_ => new List<(long, long)>()).ToArray();
        using var consumer = Consumer(brokers, "nobody");
        consumer.Assign(Beginning());
        for (var ended = new HashSet<int>(); ended.Count < Partitions;)
        {
            var read = consumer.Consume(Patience) ?? throw new TimeoutException("the topic cannot be read to its end");
            if (read.IsPartitionEOF)
                ended.Add(read.Partition);
            else
                records[read.Partition].Add((read.Offset, KafkaLedger.Number(read.Message.Value)));
        }
        return records;
    }

    public static IEnumerable<TopicPartitionOffset> Beginning() =>
        Enumerable.Range(0, Partitions).Select(p => new TopicPartitionOffset(Topic, p, Offset.Beginning));

    private static ConsumerConfig Config(string brokers, string group) => new()
    {
        BootstrapServers = brokers, GroupId = group, AutoOffsetReset = AutoOffsetReset.Error, EnableAutoCommit = false,
        EnablePartitionEof = true, FetchWaitMaxMs = 100, ReconnectBackoffMaxMs = 500, SessionTimeoutMs = 6_000, HeartbeatIntervalMs = 500,
        TopicMetadataRefreshIntervalMs = 5_000,
    };

    private static ConsumerBuilder<Ignore, string> Builder(ConsumerConfig config) =>
        new ConsumerBuilder<Ignore, string>(config).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { });

    private static IAdminClient Admin(string brokers) =>
        new AdminClientBuilder(new AdminClientConfig { BootstrapServers = brokers }).SetLogHandler((_, _) => { }).Build();
}
