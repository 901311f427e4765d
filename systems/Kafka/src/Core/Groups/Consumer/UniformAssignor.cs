namespace Microcosm.Kafka;

/// <summary>As many partitions for each member as the subscriptions allow, with as few of them moved as that takes.</summary>
internal sealed class UniformAssignor : IConsumerAssignor
{
    public string Name => "uniform";

    public IReadOnlyDictionary<string, PartitionSet> Assign(
        IReadOnlyList<AssignorMember> members, IReadOnlyDictionary<Guid, int> partitions) =>
        new UniformAssignment(members, partitions).Build();
}
