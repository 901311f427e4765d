using Microcosm.Runtime;
using Microcosm.Simulation;

namespace Microcosm.Kafka;

/// <summary>
/// Producers and readers of a replicated topic while brokers and links fail, leaders are moved and replicas reassigned. Nothing that was
/// acknowledged with acks=all, or shown to a reader, may be lost, doubled or reordered.
/// </summary>
internal sealed class RecordsWorkload(int brokers) : IWorkload
{
    private const string Topic = "records";
    private const int Partitions = 2;
    private const int ProducerCount = 2;
    private const int Replicas = 3;

    private readonly RecordBook _book = new();
    private readonly List<NodeContext> _producers = [];
    private NodeContext _reader = null!;
    private NodeContext _operator = null!;
    private SimulatedWorld _world = null!;

    public string Name => brokers == 3 ? "kafka-records" : $"kafka-records-{brokers}";

    public FaultProfile Faults => new()
    {
        Kinds = [FaultKind.Crash, FaultKind.CrashInSync, FaultKind.Pause, FaultKind.Partition, FaultKind.OneWay, FaultKind.Slow,
            FaultKind.ClockDrift, FaultKind.SlowDisk, FaultKind.Reset],
    };

    // Three elections of the quorum's leader may take all the time; then there is more.
    private bool IsOn => _world.Now < TimeSpan.FromSeconds(_book.AcknowledgedCount > 0 ? 6 : 20);

    public void Setup(SimulatedWorld world)
    {
        _world = world;
        var options = new KafkaOptions { Nodes = brokers, ReplicaLagTimeMaxMs = 1_500, BrokerSessionTimeoutMs = 1_000,
            BrokerHeartbeatIntervalMs = 200, RoomBytes = 1_000 };
        options.Set("leader.imbalance.check.interval.seconds", "1");
        foreach (var node in new KafkaSystem(options).Nodes)
            world.AddNode(node);
        for (var i = 1; i <= ProducerCount; i++)
            _producers.Add(world.AddClient($"producer-{i}"));
        _reader = world.AddClient("reader");
        _operator = world.AddClient("operator", isDisturbed: false);
    }

    public async Task RunAsync(SimulatedWorld world)
    {
        await world.RunAsync(_operator, CreateAsync);
        await Task.WhenAll([
            .. _producers.Select((p, i) => world.RunAsync(p, () => ProduceAsync(p, i + 1))),
            .. Enumerable.Range(0, Partitions).Select(p => world.RunAsync(_reader, () => ReadAsync(p))),
            world.RunAsync(_operator, OperateAsync),
        ]);
    }

    public Task CheckAsync(SimulatedWorld world) => world.RunAsync(_operator, JudgeAsync);

    private async Task CreateAsync()
    {
        var client = new SimulatedKafkaClient(_operator, brokers);
        await client.CreateAsync(Topic, Partitions, Replicas);
        client.Close();
    }

    private async Task ProduceAsync(NodeContext context, int number)
    {
        var client = new SimulatedKafkaClient(context, brokers);
        await new SimulatedProducer(context, client, Topic, number, Partitions, _book).RunAsync(() => IsOn);
        client.Close();
    }

    private async Task ReadAsync(int partition)
    {
        var client = new SimulatedKafkaClient(_reader, brokers);
        var reader = new SimulatedReader(client, Topic, partition);
        while (IsOn)
        {
            var (isAnswered, _, records) = await reader.ReadAsync(maxWaitMs: 200);
            foreach (var (offset, value) in records)
                _book.Seen(partition, offset, value);
            if (!isAnswered)
                await Task.Delay(TimeSpan.FromMilliseconds(50), _reader.Clock);
        }
        client.Close();
    }

    private async Task OperateAsync()
    {
        var client = new SimulatedKafkaClient(_operator, brokers);
        await new SimulatedOperator(_operator, client, brokers, Replicas, [(Topic, Partitions)]).RunAsync(() => IsOn);
        client.Close();
    }

    private async Task JudgeAsync()
    {
        if (_book.AcknowledgedCount == 0)
            throw new CheckFailedException("idle", "not one record was acknowledged");
        var client = new SimulatedKafkaClient(_operator, brokers);
        for (var partition = 0; partition < Partitions; partition++)
            _book.Check(partition, await ReadAllAsync(client, partition));
        await InSyncAsync(client);
        client.Close();
    }

    private async Task<Dictionary<long, string>> ReadAllAsync(SimulatedKafkaClient client, int partition)
    {
        var reader = new SimulatedReader(client, Topic, partition);
        var log = new Dictionary<long, string>();
        for (var attempt = 0; attempt < 200; attempt++)
        {
            var (_, isAtEnd, records) = await reader.ReadAsync(maxWaitMs: 0);
            foreach (var (offset, value) in records)
                log[offset] = value;
            // A new leader may not know yet how much is committed: what was acknowledged must come within the time.
            if (isAtEnd && _book.IsCovered(partition, reader.Position))
                return log;
            await Task.Delay(TimeSpan.FromMilliseconds(50), _operator.Clock);
        }
        return log.Count > 0 ? log
            : throw new CheckFailedException("unavailable", $"partition {partition} cannot be read although nothing fails any more");
    }

    private async Task InSyncAsync(SimulatedKafkaClient client)
    {
        var seen = "no broker knows the topic";
        for (var attempt = 0; attempt < 200; attempt++)
        {
            if (await client.TopicAsync(Topic) is not { } topic)
                continue;
            if (topic.Partitions.All(p => p.LeaderId > 0 && p.IsrNodes.Count == p.ReplicaNodes.Count))
                return;
            seen = string.Join("; ", topic.Partitions.Select(p => $"partition {p.PartitionIndex}: leader {p.LeaderId}, replicas "
                + $"{string.Join(',', p.ReplicaNodes)}, in sync {string.Join(',', p.IsrNodes)}"));
            await Task.Delay(TimeSpan.FromMilliseconds(50), _operator.Clock);
        }
        var inside = await Task.WhenAll(Enumerable.Range(1, brokers).Select(b =>
            _world.Host(KafkaBroker.NameOf(b)).AskAsync(n => n.Inside())));
        seen += string.Concat(inside.OfType<KafkaInside>().Select(
            b => $"\n  kafka-{b.Broker}:\n    {string.Join("\n    ", (object[])[.. b.Partitions, .. b.Logs, .. b.Followers])}"));
        throw new CheckFailedException("unavailable", $"some replicas are not in sync although nothing fails any more: {seen}");
    }
}
