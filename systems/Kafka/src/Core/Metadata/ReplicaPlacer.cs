namespace Microcosm.Kafka;

/// <summary>
/// Places replicas on racks in turn, and on the brokers of a rack in turn, from a start that the command brings, so that every member
/// places alike. Fenced brokers get replicas only where active ones do not suffice, and are never first.
/// </summary>
internal static class ReplicaPlacer
{
    /// <summary>The replicas of each partition, or a <see cref="MetadataRefusal"/> with INVALID_REPLICATION_FACTOR.</summary>
    public static List<int[]> Place(ClusterState state, int partitions, int replicationFactor, int start)
    {
        if (!state.Brokers.Values.Any(b => b.IsActive))
            throw Refuse("All brokers are currently fenced.");
        if (replicationFactor > state.Brokers.Count)
            throw Refuse($"The target replication factor of {replicationFactor} cannot be reached because only "
                + $"{state.Brokers.Count} broker(s) are registered.");
        var active = Stripe(state, isActive: true);
        var rest = Stripe(state, isActive: false);
        var placed = new List<int[]>(partitions);
        for (var partition = 0; partition < partitions; partition++)
        {
            var offset = (int)(((uint)start + (uint)partition) % (uint)active.Count);
            var order = active.Skip(offset).Concat(active.Take(offset)).Concat(rest);
            placed.Add([.. order.Take(replicationFactor)]);
        }
        return placed;

        MetadataRefusal Refuse(string why) =>
            new(KafkaError.InvalidReplicationFactor, $"Unable to replicate the partition {replicationFactor} time(s): {why}");
    }

    // The first broker of each rack, then the second of each, ...: any run of as many brokers as racks touches all of equal racks.
    private static List<int> Stripe(ClusterState state, bool isActive) =>
    [
        .. state.Brokers.Values.Where(b => b.IsActive == isActive)
            .GroupBy(b => b.Rack ?? "", StringComparer.Ordinal)
            .OrderBy(r => r.Key, StringComparer.Ordinal)
            .SelectMany(r => r.Index().Select(b => (Row: b.Index, Rack: r.Key, b.Item.Id)))
            .OrderBy(b => b.Row).ThenBy(b => b.Rack, StringComparer.Ordinal)
            .Select(b => b.Id),
    ];
}
