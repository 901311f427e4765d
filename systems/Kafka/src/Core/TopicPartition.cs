namespace Microcosm.Kafka;

/// <summary>A partition of a topic; in order by name, then number.</summary>
internal readonly record struct TopicPartition(string Topic, int Partition) : IComparable<TopicPartition>
{
    public int CompareTo(TopicPartition other)
    {
        var order = string.CompareOrdinal(Topic, other.Topic);
        return order != 0 ? order : Partition.CompareTo(other.Partition);
    }

    public override string ToString() => $"{Topic}-{Partition}";

    public void Write(MessageWriter writer)
    {
        writer.WriteString(Topic);
        writer.WriteInt32(Partition);
    }

    public static TopicPartition Read(ref MessageReader reader) => new(reader.ReadString(), reader.ReadInt32());

    /// <summary>The topic, or a refusal with UNKNOWN_TOPIC_OR_PARTITION in Kafka's words.</summary>
    public TopicState Find(ClusterState state)
    {
        if (!state.Topics.TryGetValue(Topic, out var topic))
            throw new MetadataRefusal(KafkaError.UnknownTopicOrPartition, $"No such topic as {Topic}");
        if (Partition < 0 || Partition >= topic.Partitions.Count)
            throw new MetadataRefusal(KafkaError.UnknownTopicOrPartition, $"No such partition as {Topic}-{Partition}");
        return topic;
    }
}
