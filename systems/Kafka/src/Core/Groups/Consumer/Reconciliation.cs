using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>One step of a member towards its target (KIP-848): first it gives up, then it comes into the new epoch, then it gets.</summary>
internal static class Reconciliation
{
    /// <param name="current">What the member has.</param>
    /// <param name="epoch">The epoch of the target.</param>
    /// <param name="target">What it should have.</param>
    /// <param name="owned">What it says that it still reads; null if it says nothing.</param>
    /// <param name="isHeld">True if somebody may read the partition now.</param>
    public static MemberAssignment Next(
        MemberAssignment current, int epoch, PartitionSet target, PartitionSet? owned, Func<TopicIdPartition, bool> isHeld)
    {
        switch (current.State)
        {
            case ConsumerMemberState.Stable when current.Epoch == epoch:
                return current;
            case ConsumerMemberState.UnrevokedPartitions when StillReads(current.Revoking, owned):
                return current;
            case ConsumerMemberState.UnrevokedPartitions:
                return Advance(current, current.Epoch + 1, epoch, target, owned, isHeld);
            default:
                return Advance(current, current.Epoch, epoch, target, owned, isHeld);
        }
    }

    private static MemberAssignment Advance(
        MemberAssignment current, int reached, int epoch, PartitionSet target, PartitionSet? owned, Func<TopicIdPartition, bool> isHeld)
    {
        var kept = current.Assigned.Where(target.Contains);
        var revoking = current.Assigned.Without(kept);
        if (revoking.Count > 0 && StillReads(revoking, owned))
            return new MemberAssignment(ConsumerMemberState.UnrevokedPartitions, reached, current.Epoch, kept, revoking);
        var wanted = target.Without(kept);
        var free = Bug.IsPlanted("kafka/partition-given-before-released") ? wanted : wanted.Where(partition => !isHeld(partition));
        var state = free.Count < wanted.Count ? ConsumerMemberState.UnreleasedPartitions : ConsumerMemberState.Stable;
        return new MemberAssignment(state, epoch, current.Epoch, kept.With(free), PartitionSet.Empty);
    }

    private static bool StillReads(PartitionSet revoking, PartitionSet? owned) =>
        !Bug.IsPlanted("kafka/revocation-not-awaited") && (owned is null || revoking.Overlaps(owned));
}
