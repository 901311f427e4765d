namespace Microcosm.Kafka;

/// <summary>A replica on this broker, by the metadata that it knows.</summary>
/// <param name="Role">Leader, Follower, or what keeps it from being either.</param>
/// <param name="Epoch">Of the leader: how many times leadership or the in-sync set was given anew (KIP-101).</param>
/// <param name="Isr">Who has all that is committed.</param>
internal sealed record PartitionInside(
    string Name, string Role, int Leader, int Epoch, IReadOnlyList<int> Replicas, IReadOnlyList<int> Isr)
{
    public static PartitionInside Read(Partition partition)
    {
        var (log, leader, state) = (partition.Log, partition.Leader, partition.State);
        var role = partition.Failure is { } failure ? failure : log is null ? "Opening"
            : leader is not null ? leader.IsChangingIsr ? "Leader, changing the ISR" : "Leader"
            : partition.IsFollower ? "Follower" : "Idle";
        return new PartitionInside(
            partition.Name.ToString(), role, state.Leader, state.LeaderEpoch, [.. state.Replicas], [.. state.Isr]);
    }
}
