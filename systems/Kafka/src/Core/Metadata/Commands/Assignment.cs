namespace Microcosm.Kafka;

/// <summary>New partitions from what a client assigned, or from the cluster's own placing.</summary>
internal static class Assignment
{
    /// <summary>Refuses with INVALID_REPLICA_ASSIGNMENT.</summary>
    /// <param name="factor">How many replicas the partitions before have; null: this is the first.</param>
    public static PartitionState ByHand(ClusterState state, IReadOnlyList<int> replicas, int? factor, int partition)
    {
        Check(state, replicas, factor);
        var isr = replicas.Where(state.IsActive).ToArray();
        if (isr.Length == 0)
        {
            throw new MetadataRefusal(
                KafkaError.InvalidReplicaAssignment,
                $"All brokers specified in the manual partition assignment for partition {partition} are fenced "
                + "or in controlled shutdown.");
        }
        return PartitionState.Create(replicas, isr);
    }

    /// <summary>Refuses with INVALID_REPLICATION_FACTOR or, if there are too many, INVALID_PARTITIONS.</summary>
    public static List<PartitionState> Placed(ClusterState state, int count, int factor, int start)
    {
        if (count is < 1 or > CreateTopics.PartitionsMax)
        {
            throw new MetadataRefusal(
                KafkaError.InvalidPartitions,
                $"Between 1 and {CreateTopics.PartitionsMax} partitions can be created at once, not {count}.");
        }
        if (factor < 1)
        {
            throw new MetadataRefusal(
                KafkaError.InvalidReplicationFactor, $"Invalid replication factor {factor}: the replication factor must be positive.");
        }
        return [.. ReplicaPlacer.Place(state, count, factor, start)
            .Select(r => PartitionState.Create(r, [.. r.Where(state.IsActive)]))];
    }

    public static void Check(ClusterState state, IReadOnlyList<int> replicas, int? factor)
    {
        if (replicas.Count == 0)
            throw Bad("includes an empty replica list.");
        int? before = null;
        foreach (var broker in replicas.Order())
        {
            if (!state.Brokers.ContainsKey(broker))
                throw Bad($"includes broker {broker}, but no such broker is registered.");
            if (broker == before)
                throw Bad($"includes the broker {broker} more than once.");
            before = broker;
        }
        if (factor is { } wanted && replicas.Count != wanted)
        {
            throw Bad($"includes a partition with {replicas.Count} replica(s), but this is not consistent with previous "
                + $"partitions, which have {wanted} replica(s).");
        }

        static MetadataRefusal Bad(string why) => new(KafkaError.InvalidReplicaAssignment, "The manual partition assignment " + why);
    }
}
