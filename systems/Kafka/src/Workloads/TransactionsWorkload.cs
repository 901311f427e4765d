using Microcosm.Runtime;
using Microcosm.Simulation;

namespace Microcosm.Kafka;

/// <summary>
/// Copiers with transactions while brokers and links fail, coordinators move and copiers die and fence each other. Nothing aborted is shown
/// to who reads what is committed, a transaction is shown whole or not at all, and each record is copied exactly once.
/// </summary>
internal sealed class TransactionsWorkload : IWorkload
{
    private const int Brokers = 3;
    private const string Input = "input";
    private const string Output = "output";
    private const int Inputs = 2;
    private const int Outputs = 2;
    private const int Replicas = 3;
    private const int CoordinatorPartitions = 2;

    private readonly RecordBook _inputs = new();
    private readonly TransactionBook _book = new();
    private readonly List<NodeContext> _copiers = [];
    private NodeContext _producer = null!;
    private NodeContext _reader = null!;
    private NodeContext _operator = null!;
    private SimulatedWorld _world = null!;

    public string Name => "kafka-transactions";

    public FaultProfile Faults => new()
    {
        Kinds = [FaultKind.Crash, FaultKind.CrashInSync, FaultKind.Pause, FaultKind.Partition, FaultKind.OneWay, FaultKind.Slow,
            FaultKind.ClockDrift, FaultKind.SlowDisk, FaultKind.Reset],
    };

    private bool IsOn => _world.Now < TimeSpan.FromSeconds(6);

    public void Setup(SimulatedWorld world)
    {
        _world = world;
        var options = new KafkaOptions
        {
            Nodes = Brokers, ReplicaLagTimeMaxMs = 1_500, BrokerSessionTimeoutMs = 1_000, BrokerHeartbeatIntervalMs = 200,
            OffsetsTopicNumPartitions = CoordinatorPartitions, TransactionStateLogNumPartitions = CoordinatorPartitions,
            RoomBytes = 1_000,
        };
        foreach (var node in new KafkaSystem(options).Nodes)
            world.AddNode(node);
        _producer = world.AddClient("producer");
        _copiers.AddRange([world.AddClient("copier-1"), world.AddClient("copier-2")]);
        _reader = world.AddClient("reader");
        _operator = world.AddClient("operator", isDisturbed: false);
    }

    public async Task RunAsync(SimulatedWorld world)
    {
        await world.RunAsync(_operator, () => WithClientAsync(_operator, async client =>
        {
            await client.CreateAsync(Input, Inputs, Replicas);
            await client.CreateAsync(Output, Outputs, Replicas);
        }));
        await Task.WhenAll([
            world.RunAsync(_producer, () => WithClientAsync(_producer, client =>
                new SimulatedProducer(_producer, client, Input, 1, Inputs, _inputs).RunAsync(() => IsOn))),
            // Each input has a copier at both clients.
            .. _copiers.SelectMany(c => Enumerable.Range(0, Inputs).Select(p => world.RunAsync(c, () => WithClientAsync(c, client =>
                new SimulatedCopier(c, client, Input, p, Output, Outputs, _book).RunAsync(() => IsOn))))),
            .. Enumerable.Range(0, Outputs).Select(p => world.RunAsync(_reader, () =>
                WithClientAsync(_reader, client => ReadAsync(client, p)))),
            world.RunAsync(_operator, () => WithClientAsync(_operator, client => new SimulatedOperator(_operator, client, Brokers, Replicas,
            [
                (Output, Outputs), (InternalTopics.TransactionState, CoordinatorPartitions),
                (InternalTopics.ConsumerOffsets, CoordinatorPartitions),
            ]).RunAsync(() => IsOn))),
        ]);
    }

    public Task CheckAsync(SimulatedWorld world) => world.RunAsync(_operator, () => WithClientAsync(_operator, JudgeAsync));

    private static async Task WithClientAsync(NodeContext context, Func<SimulatedKafkaClient, Task> body)
    {
        var client = new SimulatedKafkaClient(context, Brokers);
        await body(client);
        client.Close();
    }

    private async Task ReadAsync(SimulatedKafkaClient client, int partition)
    {
        var reader = new SimulatedReader(client, Output, partition) { IsReadCommitted = true };
        while (IsOn)
        {
            var (isAnswered, _, records) = await reader.ReadAsync(maxWaitMs: 200);
            foreach (var (offset, copy) in records)
                _book.Seen(partition, offset, copy);
            if (!isAnswered)
                await Task.Delay(TimeSpan.FromMilliseconds(50), _reader.Clock);
        }
    }

    private async Task JudgeAsync(SimulatedKafkaClient client)
    {
        var inputs = new SortedDictionary<(int Partition, long Offset), string>();
        for (var partition = 0; partition < Inputs; partition++)
        {
            var reader = new SimulatedReader(client, Input, partition);
            var log = await ReadAllAsync([(partition, reader)], _ => _inputs.IsCovered(partition, reader.Position));
            _inputs.Check(partition, log.ToDictionary(r => r.Key.Offset, r => r.Value));
            foreach (var (at, value) in log)
                inputs.Add(at, value);
            await CopyRestAsync(client, partition, reader.Position);
        }
        var outputs = Enumerable.Range(0, Outputs)
            .Select(p => (p, new SimulatedReader(client, Output, p) { IsReadCommitted = true })).ToArray();
        _book.Check(await ReadAllAsync(outputs, _book.IsCovered), inputs);
    }

    private async Task CopyRestAsync(SimulatedKafkaClient client, int partition, long end)
    {
        var late = _world.Now + TimeSpan.FromSeconds(20);
        var copier = new SimulatedCopier(_operator, client, Input, partition, Output, Outputs, _book) { Until = end };
        await copier.RunAsync(() => _world.Now < late);
        if (_world.Now >= late)
            throw new CheckFailedException("unavailable",
                $"input {partition} cannot be copied to its end {end} although nothing fails any more");
    }

    private async Task<SortedDictionary<(int Partition, long Offset), string>> ReadAllAsync(
        IReadOnlyList<(int Partition, SimulatedReader Reader)> readers,
        Func<SortedDictionary<(int Partition, long Offset), string>, bool> isCovered)
    {
        var log = new SortedDictionary<(int Partition, long Offset), string>();
        var isAtEnd = false;
        for (var attempt = 0; attempt < 200; attempt++)
        {
            isAtEnd = true;
            foreach (var (partition, reader) in readers)
            {
                var (_, isLast, records) = await reader.ReadAsync(maxWaitMs: 0);
                foreach (var (offset, value) in records)
                    log[(partition, offset)] = value;
                isAtEnd &= isLast;
            }
            if (isAtEnd && isCovered(log))
                return log;
            await Task.Delay(TimeSpan.FromMilliseconds(50), _operator.Clock);
        }
        // What was lost is for the books to say.
        return isAtEnd ? log : throw new CheckFailedException("unavailable",
            "partitions cannot be read to their end although nothing fails any more: "
            + string.Join(", ", readers.Select(r => $"{r.Partition} is at {r.Reader.Position}")));
    }
}
