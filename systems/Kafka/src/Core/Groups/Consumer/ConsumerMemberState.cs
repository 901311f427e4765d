namespace Microcosm.Kafka;

/// <summary>Where a member is on its way to its target; the numbers are those of the records.</summary>
internal enum ConsumerMemberState : sbyte
{
    /// <summary>It holds what the target of its epoch gives it.</summary>
    Stable = 0,

    /// <summary>It must give up partitions before it may go on to the next epoch.</summary>
    UnrevokedPartitions = 1,

    /// <summary>It is in the target's epoch but others still hold some of its partitions.</summary>
    UnreleasedPartitions = 2,
}
