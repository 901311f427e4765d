using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>
/// The next state of a partition: what is wanted, then what follows from it: a reassignment that is done, an election, epochs. The rules
/// are those of Kafka's controller without eligible leader replicas (KIP-966).
/// </summary>
internal sealed class PartitionChange(ClusterState state, TopicState topic, int index)
{
    private readonly PartitionState _before = topic.Partitions[index];

    public IReadOnlyList<int> Isr { get; set; } = topic.Partitions[index].Isr;

    public IReadOnlyList<int> Replicas { get; set; } = topic.Partitions[index].Replicas;

    public IReadOnlyList<int> Adding { get; set; } = topic.Partitions[index].AddingReplicas;

    public IReadOnlyList<int> Removing { get; set; } = topic.Partitions[index].RemovingReplicas;

    public bool IsRecovering { get; set; } = topic.Partitions[index].IsRecovering;

    /// <summary>Replicas that cannot lead now, though their brokers could.</summary>
    public IReadOnlyList<int> Offline { get; set; } = [];

    /// <summary>The first replica takes over if it can.</summary>
    public bool PrefersFirst { get; set; }

    /// <summary>A live replica outside the ISR may lead if none in it lives: loses what it does not have.</summary>
    public bool MayBeUnclean { get; set; } = state.IsUncleanElectionEnabled(topic.Name);

    /// <summary>The partition's epoch rises even if nothing differs: what is under way for the one before is void.</summary>
    public bool RaisesEpoch { get; set; }

    /// <summary>Makes the change; false if nothing differs.</summary>
    public bool Make()
    {
        CompleteReassignment();
        // The last member stays: it alone is known to have all that was acknowledged.
        if (Isr.Count == 0)
            Isr = _before.Isr;
        var leader = Elect(out var isUnclean);
        if (isUnclean)
            (Isr, IsRecovering) = ([leader], true);
        var raisesLeaderEpoch = leader != _before.Leader || _before.Replicas.Except(Replicas).Any();
        if (Bug.IsPlanted("kafka/leader-epoch-kept-at-election"))
            raisesLeaderEpoch = false;
        var after = _before with
        {
            Replicas = Replicas, Isr = Isr, Leader = leader, AddingReplicas = Adding, RemovingReplicas = Removing,
            IsRecovering = IsRecovering, LeaderEpoch = _before.LeaderEpoch + (raisesLeaderEpoch ? 1 : 0),
            PartitionEpoch = _before.PartitionEpoch + 1,
        };
        if (!RaisesEpoch && !Differs(after))
            return false;
        state.SetPartition(topic, index, after);
        return true;
    }

    private void CompleteReassignment()
    {
        if (Adding.Count == 0 && Removing.Count == 0)
            return;
        var replicas = Replicas.Except(Removing).ToArray();
        var isr = Isr.Except(Removing).ToArray();
        if (isr.Length > 0 && replicas.Length > 0 && replicas.All(isr.Contains))
            (Replicas, Isr, Adding, Removing) = (replicas, isr, [], []);
    }

    private int Elect(out bool isUnclean)
    {
        isUnclean = false;
        if (PrefersFirst && CanLead(Replicas[0]))
            return Replicas[0];
        if (CanLead(_before.Leader))
            return _before.Leader;
        var clean = Replicas.Where(CanLead).Append(PartitionState.NoLeader).First();
        if (clean != PartitionState.NoLeader || !MayBeUnclean)
            return clean;
        var unclean = Replicas.Where(IsAcceptable).Append(PartitionState.NoLeader).First();
        isUnclean = unclean != PartitionState.NoLeader;
        return unclean;
    }

    private bool CanLead(int broker) => Isr.Contains(broker) && IsAcceptable(broker);

    // Who is shutting down keeps what it leads if nobody else can.
    private bool IsAcceptable(int broker) => !Offline.Contains(broker) && state.Brokers.TryGetValue(broker, out var registration)
        && (registration.IsActive || (!registration.IsFenced && broker == _before.Leader));

    private bool Differs(PartitionState after) =>
        after.Leader != _before.Leader || after.LeaderEpoch != _before.LeaderEpoch || after.IsRecovering != _before.IsRecovering
        || !after.Isr.SequenceEqual(_before.Isr) || !after.Replicas.SequenceEqual(_before.Replicas)
        || !after.AddingReplicas.SequenceEqual(_before.AddingReplicas) || !after.RemovingReplicas.SequenceEqual(_before.RemovingReplicas);
}
