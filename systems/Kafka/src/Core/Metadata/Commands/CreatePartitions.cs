namespace Microcosm.Kafka;

/// <summary>Adds partitions to a topic.</summary>
/// <param name="Count">How many it is to have in all.</param>
/// <param name="Assignments">Replicas of each new one; null: the cluster places.</param>
internal sealed record CreatePartitions(
    string Topic, int Count, IReadOnlyList<int[]>? Assignments, int Start, bool IsValidateOnly) : IMetadataCommand
{
    public void Write(MessageWriter writer)
    {
        writer.WriteString(Topic);
        writer.WriteInt32(Count);
        writer.WriteBool(Assignments is not null);
        if (Assignments is not null)
            writer.WriteList(Assignments, (w, a) => w.WriteInts(a));
        writer.WriteInt32(Start);
        writer.WriteBool(IsValidateOnly);
    }

    public static CreatePartitions Read(ref MessageReader reader) =>
        new(reader.ReadString(), reader.ReadInt32(), reader.ReadBool() ? reader.ReadList((ref r) => r.ReadInts()) : null,
            reader.ReadInt32(), reader.ReadBool());

    public MetadataResult Apply(ClusterState state, long index)
    {
        if (!state.Topics.TryGetValue(Topic, out var topic))
            throw new MetadataRefusal(KafkaError.UnknownTopicOrPartition);
        var now = topic.Partitions.Count;
        if (Count == now)
            throw new MetadataRefusal(KafkaError.InvalidPartitions, $"Topic already has {now} partition(s).");
        if (Count < now)
        {
            throw new MetadataRefusal(
                KafkaError.InvalidPartitions,
                $"The topic {Topic} currently has {now} partition(s); {Count} would not be an increase.");
        }
        var added = Added(state, topic);
        if (IsValidateOnly)
            return MetadataResult.Done;
        foreach (var partition in added)
            state.AddPartition(topic, partition);
        return MetadataResult.Done;
    }

    private List<PartitionState> Added(ClusterState state, TopicState topic)
    {
        var now = topic.Partitions.Count;
        var factor = topic.Partitions[0].Replicas.Count;
        if (Assignments is null)
            return Assignment.Placed(state, Count - now, factor, Start);
        if (Assignments.Count != Count - now)
        {
            throw new MetadataRefusal(
                KafkaError.InvalidReplicaAssignment,
                $"Attempted to add {Count - now} additional partition(s), but only {Assignments.Count} assignment(s) were specified.");
        }
        return [.. Assignments.Select((a, i) => Assignment.ByHand(state, a, factor, now + i))];
    }
}
