using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>The leader of a partition says which replicas are in sync (KIP-497).</summary>
/// <param name="BrokerEpoch">Of the leader's registration.</param>
/// <param name="Isr">Each member with its broker epoch, or -1 if the leader does not know it (KIP-903).</param>
internal sealed record AlterPartition(
    int Broker,
    long BrokerEpoch,
    Guid TopicId,
    int Partition,
    int LeaderEpoch,
    int PartitionEpoch,
    IReadOnlyList<(int Broker, long Epoch)> Isr,
    bool IsRecovering) : IMetadataCommand
{
    public void Write(MessageWriter writer)
    {
        writer.WriteInt32(Broker);
        writer.WriteInt64(BrokerEpoch);
        writer.WriteUuid(TopicId);
        writer.WriteInt32(Partition);
        writer.WriteInt32(LeaderEpoch);
        writer.WriteInt32(PartitionEpoch);
        writer.WriteList(Isr, (w, i) =>
        {
            w.WriteInt32(i.Broker);
            w.WriteInt64(i.Epoch);
        });
        writer.WriteBool(IsRecovering);
    }

    public static AlterPartition Read(ref MessageReader reader) => new(
        reader.ReadInt32(), reader.ReadInt64(), reader.ReadUuid(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32(),
        reader.ReadList((ref r) => (r.ReadInt32(), r.ReadInt64())), reader.ReadBool());

    /// <summary>NEW_LEADER_ELECTED if the change was made and ended this leader's epoch; the partition's state is in the image.</summary>
    public MetadataResult Apply(ClusterState state, long index)
    {
        ChangeBroker.CheckEpoch(state, Broker, BrokerEpoch);
        var topic = state.TopicWith(TopicId, Partition);
        Check(state, topic.Partitions[Partition]);
        new PartitionChange(state, topic, Partition)
            { Isr = [.. Isr.Select(i => i.Broker)], IsRecovering = IsRecovering, RaisesEpoch = true }.Make();
        var after = topic.Partitions[Partition];
        return after.LeaderEpoch == LeaderEpoch || after.Leader == PartitionState.NoLeader
            ? MetadataResult.Done : new MetadataResult(KafkaError.NewLeaderElected);
    }

    private void Check(ClusterState state, PartitionState partition)
    {
        // Epochs from the future: this image is not the newest, which cannot be when the command comes through the log.
        if (LeaderEpoch > partition.LeaderEpoch || PartitionEpoch > partition.PartitionEpoch)
            throw new MetadataRefusal(KafkaError.NotController);
        if (LeaderEpoch < partition.LeaderEpoch && !Bug.IsPlanted("kafka/isr-change-of-an-old-leader"))
            throw new MetadataRefusal(KafkaError.FencedLeaderEpoch);
        if (Broker != partition.Leader && !Bug.IsPlanted("kafka/isr-change-of-an-old-leader"))
            throw new MetadataRefusal(KafkaError.InvalidRequest);
        if (PartitionEpoch < partition.PartitionEpoch && !Bug.IsPlanted("kafka/isr-change-of-an-old-leader"))
            throw new MetadataRefusal(KafkaError.InvalidUpdateVersion);
        var isr = Isr.Select(i => i.Broker).ToArray();
        if (isr.Distinct().Count() != isr.Length || !isr.All(partition.Replicas.Contains) || !isr.Contains(Broker))
            throw new MetadataRefusal(KafkaError.InvalidRequest);
        // While the leader recovers nobody can be in sync with it, and it recovers once only (KIP-704).
        if (IsRecovering && (isr.Length > 1 || !partition.IsRecovering))
            throw new MetadataRefusal(KafkaError.InvalidRequest);
        if (Isr.Any(i => !IsEligible(state, i)))
            throw new MetadataRefusal(KafkaError.IneligibleReplica);
    }

    private static bool IsEligible(ClusterState state, (int Broker, long Epoch) member) =>
        state.Brokers.TryGetValue(member.Broker, out var broker) && broker.IsActive
        && (member.Epoch == -1 || member.Epoch == broker.Epoch);
}
