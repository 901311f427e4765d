using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>
/// One partition as the cluster agrees on it; never changed in place. Invariants: replicas are distinct and not empty; the ISR is not
/// empty and within the replicas; the leader is in the ISR or there is none; no replica is added and removed at once; the leader epoch
/// is never above the partition epoch.
/// </summary>
/// <param name="Leader">-1: nobody can lead.</param>
/// <param name="LeaderEpoch">Grows with each change of the leader and whenever a replica goes.</param>
/// <param name="PartitionEpoch">Grows with each change.</param>
/// <param name="IsRecovering">The leader came by an unclean election and has not said yet that it recovered (KIP-704).</param>
internal sealed record PartitionState(
    IReadOnlyList<int> Replicas,
    IReadOnlyList<int> Isr,
    int Leader,
    int LeaderEpoch,
    int PartitionEpoch,
    IReadOnlyList<int> AddingReplicas,
    IReadOnlyList<int> RemovingReplicas,
    bool IsRecovering)
{
    public const int NoLeader = -1;

    public int PreferredLeader => Replicas[0];

    public bool IsReassigning => AddingReplicas.Count > 0 || RemovingReplicas.Count > 0;

    /// <summary>A partition that is created: led by the first active replica.</summary>
    public static PartitionState Create(IReadOnlyList<int> replicas, IReadOnlyList<int> isr) =>
        new(replicas, isr, isr[0], 0, 0, [], [], false);

    /// <summary>KIP-320: the epoch that a client knows against this one; -1 fits always.</summary>
    public KafkaError CheckEpoch(int currentLeaderEpoch) => currentLeaderEpoch == -1 || currentLeaderEpoch == LeaderEpoch ? KafkaError.None
        : currentLeaderEpoch < LeaderEpoch ? KafkaError.FencedLeaderEpoch : KafkaError.UnknownLeaderEpoch;

    public void CheckInvariants()
    {
        Invariant.Check(Replicas.Count > 0 && Replicas.Distinct().Count() == Replicas.Count, "replicas are distinct and not empty");
        Invariant.Check(Isr.Count > 0 && Isr.Distinct().Count() == Isr.Count, "the ISR is distinct and not empty");
        Invariant.Check(Isr.All(Replicas.Contains), "the ISR is within the replicas");
        Invariant.Check(Leader == NoLeader || Isr.Contains(Leader), "the leader is in the ISR");
        Invariant.Check(AddingReplicas.All(Replicas.Contains), "added replicas are replicas");
        Invariant.Check(RemovingReplicas.All(Replicas.Contains), "removed replicas are replicas still");
        Invariant.Check(!AddingReplicas.Any(RemovingReplicas.Contains), "no replica is added and removed");
        Invariant.Check(LeaderEpoch >= 0 && LeaderEpoch <= PartitionEpoch, "the leader epoch is not above the partition epoch");
    }

    /// <summary>What must hold between a state and the one after it.</summary>
    public void CheckFollows(PartitionState before)
    {
        Invariant.Check(PartitionEpoch == before.PartitionEpoch + 1, "a change raises the partition epoch by one");
        Invariant.Check(LeaderEpoch >= before.LeaderEpoch, "the leader epoch never falls");
        Invariant.Check(Leader == before.Leader || LeaderEpoch > before.LeaderEpoch, "a new leader has a new leader epoch");
    }

    public void Write(MessageWriter writer)
    {
        writer.WriteInts(Replicas);
        writer.WriteInts(Isr);
        writer.WriteInt32(Leader);
        writer.WriteInt32(LeaderEpoch);
        writer.WriteInt32(PartitionEpoch);
        writer.WriteInts(AddingReplicas);
        writer.WriteInts(RemovingReplicas);
        writer.WriteBool(IsRecovering);
    }

    public static PartitionState Read(ref MessageReader reader) => new(
        reader.ReadInts(), reader.ReadInts(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInts(),
        reader.ReadInts(), reader.ReadBool());
}
