using Microcosm.Runtime;
using Microcosm.Simulation;

namespace Microcosm.Kafka;

/// <summary>
/// A classic group, a consumer group and one whose members come by either protocol read a topic while brokers and links fail, coordinators
/// move and members come, leave and die. Nobody is given what another member holds, a commit by a generation that is over is refused,
/// offsets do not go back, and in the end all was read.
/// </summary>
internal sealed class GroupsWorkload : IWorkload
{
    /// <summary>A member's session, and how long a rebalance of a classic group waits for it.</summary>
    public const int SessionMs = 2_000;

    private const int Brokers = 3;
    private const string Topic = "records";
    private const int Partitions = 3;
    private const int Replicas = 3;
    private const int CoordinatorPartitions = 2;

    private readonly RecordBook _records = new();
    private readonly List<NodeContext> _members = [];
    private NodeContext _producer = null!;
    private NodeContext _operator = null!;
    private SimulatedWorld _world = null!;
    private GroupBook _classic = null!;
    private GroupBook _consumer = null!;
    private GroupBook _mixed = null!;

    public string Name => "kafka-groups";

    public FaultProfile Faults => new()
    {
        Kinds = [FaultKind.Crash, FaultKind.CrashInSync, FaultKind.Pause, FaultKind.Partition, FaultKind.OneWay, FaultKind.Slow,
            FaultKind.ClockDrift, FaultKind.SlowDisk, FaultKind.Reset],
    };

    private bool IsOn => _world.Now < TimeSpan.FromSeconds(9);

    public void Setup(SimulatedWorld world)
    {
        (_world, _classic, _consumer, _mixed) = (world, new GroupBook(world), new GroupBook(world), new GroupBook(world, isMixed: true));
        var options = new KafkaOptions
        {
            Nodes = Brokers, ReplicaLagTimeMaxMs = 1_500, BrokerSessionTimeoutMs = 1_000, BrokerHeartbeatIntervalMs = 200,
            OffsetsTopicNumPartitions = CoordinatorPartitions, RoomBytes = 1_000,
        };
        foreach (var (name, value) in new[]
        {
            ("group.min.session.timeout.ms", 1_000), ("group.consumer.min.session.timeout.ms", 1_000),
            ("group.consumer.session.timeout.ms", SessionMs), ("group.consumer.min.heartbeat.interval.ms", 100),
            ("group.consumer.heartbeat.interval.ms", 200),
        })
            options.Set(name, $"{value}");
        foreach (var node in new KafkaSystem(options).Nodes)
            world.AddNode(node);
        _producer = world.AddClient("producer");
        _members.AddRange([world.AddClient("member-1"), world.AddClient("member-2"), world.AddClient("member-3")]);
        _operator = world.AddClient("operator", isDisturbed: false);
    }

    public async Task RunAsync(SimulatedWorld world)
    {
        await world.RunAsync(_operator, () => WithClientAsync(_operator, client => client.CreateAsync(Topic, Partitions, Replicas)));
        await Task.WhenAll([
            world.RunAsync(_producer, () => WithClientAsync(_producer, client =>
                new SimulatedProducer(_producer, client, Topic, 1, Partitions, _records).RunAsync(() => IsOn))),
            .. _members.SelectMany(m => new[] { "classic", "consumer" }.Select(group => world.RunAsync(m, () => WithClientAsync(m, client =>
                Member(m, client, group, isSteady: false).RunAsync(() => IsOn))))),
            .. _members.Select(m => world.RunAsync(m, () => WithClientAsync(m, client => ChangeKindsAsync(m, client)))),
            world.RunAsync(_operator, () => WithClientAsync(_operator, client => new SimulatedOperator(
                _operator, client, Brokers, Replicas, [(InternalTopics.ConsumerOffsets, CoordinatorPartitions)]).RunAsync(() => IsOn))),
        ]);
    }

    public Task CheckAsync(SimulatedWorld world) => world.RunAsync(_operator, () => WithClientAsync(_operator, JudgeAsync));

    private static async Task WithClientAsync(NodeContext context, Func<SimulatedKafkaClient, Task> body)
    {
        var client = new SimulatedKafkaClient(context, Brokers);
        await body(client);
        client.Close();
    }

    /// <summary>A member of the mixed group that comes back by the other protocol now and then.</summary>
    private async Task ChangeKindsAsync(NodeContext context, SimulatedKafkaClient client)
    {
        var random = context.Seed.Stream("kinds");
        while (IsOn)
        {
            var until = _world.Now + TimeSpan.FromMilliseconds(500 + random.Next(2_500));
            SimulatedMember member = random.Chance(0.5)
                ? new SimulatedClassicMember(context, client, "mixed", Topic, Partitions, _mixed) { Random = random }
                : new SimulatedConsumerMember(context, client, "mixed", Topic, _mixed) { Random = random };
            await member.RunAsync(() => IsOn && _world.Now < until);
        }
    }

    private SimulatedMember Member(NodeContext context, SimulatedKafkaClient client, string group, bool isSteady) => group == "classic"
        ? new SimulatedClassicMember(context, client, group, Topic, Partitions, _classic) { IsSteady = isSteady }
        : new SimulatedConsumerMember(context, client, group, Topic, BookOf(group)) { IsSteady = isSteady };

    private GroupBook BookOf(string group) => group switch { "classic" => _classic, "consumer" => _consumer, _ => _mixed };

    private async Task JudgeAsync(SimulatedKafkaClient client)
    {
        var logs = new Dictionary<int, (long End, List<long> Offsets)>();
        for (var partition = 0; partition < Partitions; partition++)
            logs.Add(partition, await ReadAllAsync(client, partition));
        foreach (var group in new[] { "classic", "consumer", "mixed" })
        {
            var book = BookOf(group);
            bool IsRead() => logs.All(l => book.FloorOf(l.Key) >= l.Value.End);
            var late = _world.Now + TimeSpan.FromSeconds(30);
            await Member(_operator, client, group, isSteady: true).RunAsync(() => _world.Now < late && !IsRead());
            if (!IsRead())
            {
                var where = string.Join(", ", logs.Select(l => $"{book.FloorOf(l.Key)} of {l.Value.End}"));
                throw new CheckFailedException("unavailable", $"the {group} group does not get to the end "
                    + $"of its partitions although nothing fails any more: {where}");
            }
            foreach (var (partition, log) in logs)
                book.Check(partition, log.Offsets);
        }
    }

    private async Task<(long End, List<long> Offsets)> ReadAllAsync(SimulatedKafkaClient client, int partition)
    {
        var reader = new SimulatedReader(client, Topic, partition);
        var offsets = new List<long>();
        for (var attempt = 0; attempt < 200; attempt++)
        {
            var (_, isAtEnd, records) = await reader.ReadAsync(maxWaitMs: 0);
            offsets.AddRange(records.Select(r => r.Offset));
            if (isAtEnd && _records.IsCovered(partition, reader.Position))
                return (reader.Position, offsets);
            await Task.Delay(TimeSpan.FromMilliseconds(50), _operator.Clock);
        }
        throw new CheckFailedException("unavailable", $"partition {partition} cannot be read to its end although nothing fails any more");
    }
}
