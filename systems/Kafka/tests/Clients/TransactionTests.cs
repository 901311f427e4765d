using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Microcosm.Kafka.Tests.Clients;

using TopicPartition = Confluent.Kafka.TopicPartition;

/// <summary>Transactions of the official client, librdkafka's, over real sockets.</summary>
public sealed class TransactionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Only_what_was_committed_is_read_by_readers_of_committed_data(int nodes)
    {
        await using var world = await StartAsync(nodes);
        var brokers = world.System("kafka").ConnectionString;
        await CreateAsync(brokers, "t", nodes);
        using var producer = Producer(brokers);
        producer.InitTransactions(Patience);
        for (var i = 0; i < 4; i++)
        {
            producer.BeginTransaction();
            for (var partition = 0; partition < nodes; partition++)
                producer.Produce(new TopicPartition("t", partition), new Message<Null, string> { Value = $"{i}" });
            // An abort purges what was not sent yet.
            producer.Flush(Patience);
            if (i % 2 == 0)
                producer.CommitTransaction(Patience);
            else
                producer.AbortTransaction(Patience);
        }
        Assert.Equal(Enumerable.Repeat("0", nodes).Concat(Enumerable.Repeat("2", nodes)),
            Read(brokers, "t", IsolationLevel.ReadCommitted, nodes * 2).Order());
        Assert.Equal(nodes * 4, Read(brokers, "t", IsolationLevel.ReadUncommitted, nodes * 4).Count);
    }

    [Fact]
    public async Task A_second_producer_of_the_id_fences_the_first()
    {
        await using var world = await StartAsync(1);
        var brokers = world.System("kafka").ConnectionString;
        await CreateAsync(brokers, "t", 1);
        using var first = Producer(brokers);
        first.InitTransactions(Patience);
        first.BeginTransaction();
        first.Produce("t", new Message<Null, string> { Value = "lost" });
        first.Flush(Patience);
        using var second = Producer(brokers);
        second.InitTransactions(Patience);
        var fenced = Assert.Throws<KafkaException>(() => first.CommitTransaction(Patience));
        Assert.True(fenced.Error.IsFatal, fenced.Message);
        second.BeginTransaction();
        second.Produce("t", new Message<Null, string> { Value = "kept" });
        second.CommitTransaction(Patience);
        Assert.Equal(["kept"], Read(brokers, "t", IsolationLevel.ReadCommitted, 1));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(1, false)]
    public async Task Offsets_of_a_transaction_hold_when_it_is_committed(int nodes, bool commit)
    {
        await using var world = await StartAsync(nodes);
        var brokers = world.System("kafka").ConnectionString;
        await CreateAsync(brokers, "in", 1);
        await CreateAsync(brokers, "out", 1);
        using (var source = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = brokers }).Build())
            await source.ProduceAsync("in", new Message<Null, string> { Value = "a" }, TestContext.Current.CancellationToken);
        using var consumer = Consumer(brokers, IsolationLevel.ReadCommitted);
        consumer.Subscribe("in");
        var read = consumer.Consume(Patience);
        Assert.Equal("a", read.Message.Value);
        using var producer = Producer(brokers);
        producer.InitTransactions(Patience);
        producer.BeginTransaction();
        producer.Produce("out", new Message<Null, string> { Value = "A" });
        producer.SendOffsetsToTransaction(
            [new TopicPartitionOffset(read.TopicPartition, read.Offset + 1)], consumer.ConsumerGroupMetadata, Patience);
        if (commit)
            producer.CommitTransaction(Patience);
        else
            producer.AbortTransaction(Patience);
        var committed = consumer.Committed([read.TopicPartition], Patience);
        Assert.Equal(commit ? new Offset(1) : Offset.Unset, committed[0].Offset);
        consumer.Close();
    }

    private static Task<World> StartAsync(int nodes) => World.StartAsync(w => w.AddKafka(o =>
    {
        o.Nodes = nodes;
        o.OffsetsTopicNumPartitions = 3;
        o.TransactionStateLogNumPartitions = 3;
    }), TestContext.Current.CancellationToken);

    private static async Task CreateAsync(string brokers, string topic, int partitions)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = brokers }).Build();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = partitions, ReplicationFactor = 1 }]);
    }

    private static IProducer<Null, string> Producer(string brokers) => new ProducerBuilder<Null, string>(
        new ProducerConfig { BootstrapServers = brokers, TransactionalId = "tx", LingerMs = 0 }).Build();

    private static IConsumer<Ignore, string> Consumer(string brokers, IsolationLevel isolation) => new ConsumerBuilder<Ignore, string>(
        new ConsumerConfig
        {
            BootstrapServers = brokers, GroupId = "g", IsolationLevel = isolation, AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = false, EnablePartitionEof = true, FetchWaitMaxMs = 50,
        }).Build();

    // So many records, and no more up to the end of each partition.
    private static List<string> Read(string brokers, string topic, IsolationLevel isolation, int count)
    {
        using var consumer = Consumer(brokers, isolation);
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var partitions = admin.GetMetadata(topic, Patience).Topics[0].Partitions.Count;
        consumer.Assign(Enumerable.Range(0, partitions).Select(p => new TopicPartitionOffset(topic, p, Offset.Beginning)));
        var (values, ended) = (new List<string>(), new HashSet<int>());
        while (values.Count < count || ended.Count < partitions)
        {
            if (consumer.Consume(Patience) is not { } read)
                break;
            if (read.IsPartitionEOF)
                ended.Add(read.Partition);
            else
                values.Add(read.Message.Value);
        }
        return values;
    }
}
