namespace Microcosm.Kafka;

/// <summary>Elects leaders anew: the preferred ones, or any live replica where there is no leader (KIP-460).</summary>
internal sealed record ElectLeaders(bool IsUnclean, IReadOnlyList<TopicPartition> Partitions) : IMetadataCommand
{
    public void Write(MessageWriter writer)
    {
        writer.WriteBool(IsUnclean);
        writer.WriteList(Partitions, (w, p) => p.Write(w));
    }

    public static ElectLeaders Read(ref MessageReader reader) => new(reader.ReadBool(), reader.ReadList(TopicPartition.Read));

    public MetadataResult Apply(ClusterState state, long index) =>
        new MetadataResults([.. Partitions.Select(p => MetadataResult.Of(() => Elect(state, p)))]);

    private void Elect(ClusterState state, TopicPartition which)
    {
        var topic = which.Find(state);
        var partition = topic.Partitions[which.Partition];
        if (IsUnclean ? partition.Leader != PartitionState.NoLeader : partition.Leader == partition.PreferredLeader)
            throw new MetadataRefusal(KafkaError.ElectionNotNeeded);
        var change = new PartitionChange(state, topic, which.Partition) { PrefersFirst = !IsUnclean };
        // An operator who asks for it may lose data, whatever the topic's configuration says.
        change.MayBeUnclean |= IsUnclean;
        // Whoever is in sync and lives and does not lead has said that it cannot.
        if (IsUnclean)
            change.Offline = [.. partition.Isr.Where(r => state.Brokers.TryGetValue(r, out var broker) && broker.IsActive)];
        if (!change.Make())
            throw new MetadataRefusal(IsUnclean ? KafkaError.EligibleLeadersNotAvailable : KafkaError.PreferredLeaderNotAvailable);
    }
}
