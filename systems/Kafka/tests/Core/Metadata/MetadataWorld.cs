namespace Microcosm.Kafka.Tests.Core;

/// <summary>A machine with brokers 1 to N, all in use; every command goes through its bytes.</summary>
internal sealed class MetadataWorld
{
    private long _index;

    public MetadataWorld(int brokers = 3)
    {
        for (var id = 1; id <= brokers; id++)
            Start(id);
    }

    public MetadataMachine Machine { get; } = new();

    public ClusterState State => Machine.State;

    public List<(long Index, ReadOnlyMemory<byte> Command)> Log { get; } = [];

    public MetadataResult Apply(IMetadataCommand command)
    {
        var bytes = MetadataCommands.Encode(command);
        Log.Add((++_index, bytes));
        return (MetadataResult)Machine.Apply(_index, bytes)!;
    }

    /// <summary>Registers a new incarnation, which must be allowed, and unfences it.</summary>
    public void Start(int id)
    {
        Register(id);
        Change(id, BrokerTransition.Unfence);
    }

    public MetadataResult Register(int id, string? rack = null) =>
        Apply(new RegisterBroker(id, Unique(), rack, [new BrokerEndpoint("PLAINTEXT", $"kafka-{id}", 9091 + id)]));

    public MetadataResult Change(int id, BrokerTransition transition) => Apply(new ChangeBroker(id, State.Brokers[id].Epoch, transition));

    public MetadataResult Fence(int id) => Change(id, BrokerTransition.Fence);

    /// <summary>One topic; the result is its own.</summary>
    public MetadataResult Create(
        string name,
        int partitions = 1,
        int factor = 3,
        (int Partition, int[] Replicas)[]? byHand = null,
        params (string, string?)[] configs)
    {
        var topic = new NewTopic(name, Unique(), byHand is null ? partitions : -1, byHand is null ? factor : -1, byHand ?? [], configs);
        return Only(Apply(new CreateTopics([topic], 1, 1, 0, IsValidateOnly: false)));
    }

    public static MetadataResult Only(MetadataResult results) => Assert.Single(Assert.IsType<MetadataResults>(results).Parts);

    public PartitionState Partition(string topic, int partition = 0) => State.Topics[topic].Partitions[partition];

    /// <summary>The leader of today, or who is named, asks for this ISR with the epochs of today or of <paramref name="seen"/>.</summary>
    public MetadataResult SetIsr(string topic, int[] isr, PartitionState? seen = null, int? broker = null, bool isRecovering = false)
    {
        var known = seen ?? Partition(topic);
        var leader = broker ?? known.Leader;
        return Apply(new AlterPartition(
            leader, State.Brokers[leader].Epoch, State.Topics[topic].Id, 0, known.LeaderEpoch, known.PartitionEpoch,
            [.. isr.Select(i => (i, -1L))], isRecovering));
    }

    private Guid Unique() => new(1, 2, 3, [.. BitConverter.GetBytes(_index + 1)]);
}
