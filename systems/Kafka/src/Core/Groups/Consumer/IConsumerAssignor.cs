namespace Microcosm.Kafka;

/// <summary>Decides which member should read which partition.</summary>
internal interface IConsumerAssignor
{
    string Name { get; }

    /// <summary>The target of each member. Each partition of a topic with subscribers is in exactly one.</summary>
    /// <param name="members">In the order of their ids.</param>
    /// <param name="partitions">How many partitions each topic has that somebody reads.</param>
    IReadOnlyDictionary<string, PartitionSet> Assign(IReadOnlyList<AssignorMember> members, IReadOnlyDictionary<Guid, int> partitions);
}
