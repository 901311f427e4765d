namespace Microcosm.Kafka;

/// <summary>The partition that a request is about.</summary>
internal static class PartitionOf
{
    /// <summary>The partition, settled and led by this broker, or why not: above all, that the client may not do this to its
    /// topic.</summary>
    public static async ValueTask<(KafkaError Error, Partition? Partition)> LeaderAsync(
        KafkaCall call, AclOperation operation, TopicPartition name, int leaderEpoch = -1)
    {
        var broker = call.Broker;
        if (call.CheckTopic(operation, name.Topic) is var refused && refused != KafkaError.None)
            return (refused, null);
        if (!broker.Cluster.Topics.TryGetValue(name.Topic, out var topic) || name.Partition < 0 || name.Partition >= topic.Partitions.Count)
            return (KafkaError.UnknownTopicOrPartition, null);
        if (broker.Replicas.Find(name) is not { } partition)
            return (KafkaError.NotLeaderOrFollower, null);
        await partition.SettledAsync();
        var error = partition.CheckLeader(leaderEpoch);
        return (error, error == KafkaError.None ? partition : null);
    }
}
