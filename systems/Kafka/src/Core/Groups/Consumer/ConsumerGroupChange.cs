namespace Microcosm.Kafka;

/// <summary>The records of one change. Each is replayed into its group at once, so the group is what its log says.</summary>
internal sealed class ConsumerGroupChange(ConsumerGroup group)
{
    public ConsumerGroup Group { get; } = group;

    public List<CoordinatorRecord> Records { get; } = [];

    public void Add(CoordinatorRecord record)
    {
        ConsumerGroupReplay.Apply(Group, record);
        Records.Add(record);
    }
}
