namespace Microcosm.Kafka;

/// <summary>Which partitions are led by others than they should be (<c>auto.leader.rebalance.enable</c>).</summary>
internal static class LeaderBalance
{
    /// <summary>
    /// The partitions whose preferred leader could lead and does not, of brokers for which that share of what they should lead is above a
    /// percentage (<c>leader.imbalance.per.broker.percentage</c>).
    /// </summary>
    public static IReadOnlyList<TopicPartition> Imbalanced(ClusterState state, int percentage)
    {
        var preferred = state.Topics.Values.SelectMany(t => t.Partitions.Select((p, i) => (Name: new TopicPartition(t.Name, i), State: p)));
        return [.. preferred.GroupBy(p => p.State.PreferredLeader)
            .Where(of => of.Count(p => p.State.Leader != of.Key) * 100 > of.Count() * percentage)
            .SelectMany(of => of).Where(p => CouldLead(state, p.State)).Select(p => p.Name)];
    }

    private static bool CouldLead(ClusterState state, PartitionState partition) =>
        partition.Leader != partition.PreferredLeader && partition.Isr.Contains(partition.PreferredLeader)
        && state.Brokers.TryGetValue(partition.PreferredLeader, out var broker) && broker.IsActive;
}
