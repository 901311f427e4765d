namespace Microcosm.Kafka;

/// <summary>Which replica a consumer is told to read from (KIP-392).</summary>
internal static class ReadReplica
{
    /// <summary>Whether consumers are sent to followers at all.</summary>
    public static bool IsSelected(KafkaBroker broker) => broker.Options["replica.selector.class"] == RackAwareReplicaSelector.Name;

    /// <summary>A broker's id, or -1: the leader, who is asked.</summary>
    public static int Preferred(KafkaBroker broker, LeaderState leader, string rack, long offset)
    {
        if (rack.Length == 0 || !IsSelected(broker))
            return -1;
        var replicas = new List<(int Id, string? Rack, long EndOffset)> { (broker.Id, broker.Rack, leader.EndOffset) };
        foreach (var (id, follower) in leader.Followers)
        {
            if (follower.Offset >= offset && follower.LogStart <= offset
                && broker.Cluster.Brokers.TryGetValue(id, out var registration) && registration.IsActive)
                replicas.Add((id, registration.Rack, follower.Offset));
        }
        var selected = RackAwareReplicaSelector.Select(rack, broker.Id, replicas);
        return selected == broker.Id ? -1 : selected;
    }
}
