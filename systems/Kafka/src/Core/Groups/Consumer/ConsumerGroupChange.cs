namespace Microcosm.Kafka;

/// <summary>The records of one change. Each is replayed into its group at once, so the group is what its log says.</summary>
/// <param name="first">Records of what the group comes after: they end it.</param>
internal sealed class ConsumerGroupChange(ConsumerGroup group, params IReadOnlyList<CoordinatorRecord> first)
{
    public ConsumerGroup Group { get; } = group;

    public List<CoordinatorRecord> Records { get; } = [.. first];

    public void Add(CoordinatorRecord record)
    {
        ConsumerGroupReplay.Apply(Group, record);
        Records.Add(record);
    }
}
