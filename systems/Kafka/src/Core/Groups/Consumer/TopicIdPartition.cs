namespace Microcosm.Kafka;

/// <summary>A partition of the topic with this id; in order by id, then number.</summary>
internal readonly record struct TopicIdPartition(Guid TopicId, int Partition) : IComparable<TopicIdPartition>
{
    public int CompareTo(TopicIdPartition other)
    {
        var order = TopicId.CompareTo(other.TopicId);
        return order != 0 ? order : Partition.CompareTo(other.Partition);
    }
}
