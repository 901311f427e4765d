namespace Microcosm.Kafka;

/// <summary>Sends a consumer to a replica in its own rack (KIP-392).</summary>
internal static class RackAwareReplicaSelector
{
    /// <summary>As <c>replica.selector.class</c> names it.</summary>
    public const string Name = "org.apache.kafka.common.replica.RackAwareReplicaSelector";

    /// <summary>The leader if it is in the rack or nobody is, else of those who are the one that has most.</summary>
    /// <param name="replicas">Who has the offset that is asked for; the leader among them.</param>
    public static int Select(string rack, int leader, IReadOnlyCollection<(int Id, string? Rack, long EndOffset)> replicas)
    {
        var near = replicas.Where(r => r.Rack == rack).ToList();
        return near.Count == 0 || near.Exists(r => r.Id == leader) ? leader : near.MaxBy(r => r.EndOffset).Id;
    }
}
