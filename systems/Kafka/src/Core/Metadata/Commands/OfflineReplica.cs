namespace Microcosm.Kafka;

/// <summary>
/// A broker cannot use its replica, because its log is damaged: another one leads, if one can. It stays a replica, and the last in sync
/// stays that, for nobody else is known to have all that was acknowledged.
/// </summary>
/// <param name="BrokerEpoch">Of the broker's registration.</param>
internal sealed record OfflineReplica(int Broker, long BrokerEpoch, Guid TopicId, int Partition) : IMetadataCommand
{
    public void Write(MessageWriter writer)
    {
        writer.WriteInt32(Broker);
        writer.WriteInt64(BrokerEpoch);
        writer.WriteUuid(TopicId);
        writer.WriteInt32(Partition);
    }

    public static OfflineReplica Read(ref MessageReader reader) =>
        new(reader.ReadInt32(), reader.ReadInt64(), reader.ReadUuid(), reader.ReadInt32());

    public MetadataResult Apply(ClusterState state, long index)
    {
        ChangeBroker.CheckEpoch(state, Broker, BrokerEpoch);
        var topic = state.TopicWith(TopicId, Partition);
        var isr = topic.Partitions[Partition].Isr.Where(r => r != Broker).ToArray();
        new PartitionChange(state, topic, Partition) { Isr = isr, Offline = [Broker] }.Make();
        return MetadataResult.Done;
    }
}
