namespace Microcosm.Kafka;

/// <summary>What a member holds, and in which epoch.</summary>
/// <param name="State">Where it is on the way to its target.</param>
/// <param name="Epoch">0 before the first answer; <see cref="LeftForNow"/> for a static member that will come back.</param>
/// <param name="PreviousEpoch">The epoch before: who missed the last answer still comes with it.</param>
/// <param name="Assigned">The partitions it may read.</param>
/// <param name="Revoking">Those that it must give up and may still read until it says that it did.</param>
internal sealed record MemberAssignment(
    ConsumerMemberState State, int Epoch, int PreviousEpoch, PartitionSet Assigned, PartitionSet Revoking)
{
    /// <summary>The epoch with which a member leaves.</summary>
    public const int Left = -1;

    /// <summary>The epoch with which a static member leaves and keeps its place for a session.</summary>
    public const int LeftForNow = -2;

    public static readonly MemberAssignment None = new(ConsumerMemberState.Stable, 0, -1, PartitionSet.Empty, PartitionSet.Empty);

    /// <summary>All that nobody else may read.</summary>
    public PartitionSet Held => Revoking.Count == 0 ? Assigned : Assigned.With(Revoking);

    public bool IsReconciledTo(int epoch) => State == ConsumerMemberState.Stable && Epoch == epoch;
}
