namespace Microcosm.Kafka;

/// <summary>Writes the ends of transactions into partitions that this broker leads.</summary>
internal static class MarkerWriter
{
    // How long the replicas have; who asked asks again.
    private const long TimeoutMs = 30_000;

    /// <summary>
    /// Completes with None when the marker is committed; of a partition of <c>__consumer_offsets</c> its groups then have the
    /// transaction's offsets, or have forgotten them.
    /// </summary>
    public static async ValueTask<KafkaError> WriteAsync(
        KafkaBroker broker, TopicPartition name, long producerId, short producerEpoch, EndTransactionMarker marker)
    {
        if (broker.Replicas.Find(name) is not { } partition)
            return KafkaError.UnknownTopicOrPartition;
        await partition.SettledAsync();
        var slot = name.Topic == InternalTopics.ConsumerOffsets ? broker.Groups.At(name.Partition) : null;
        // A marker behind what a coordinator reads as it loads would pass it by. Kafka has this error for that.
        if (name.Topic == InternalTopics.ConsumerOffsets && slot is not { IsLoaded: true })
            return KafkaError.NotLeaderOrFollower;
        var shard = slot?.Shard;
        var batch = marker.ToBatch(producerId, producerEpoch, broker.TimeMs);
        var info = await partition.AppendAsync(batch, acks: -1, TimeoutMs, AppendOrigin.Coordinator);
        // Another shard has read the marker from the log, or is about to.
        if (info.Error == KafkaError.None && slot is not null && slot.Shard == shard)
            slot.Run((group, _) => group.Offsets.CompleteTransaction(producerId, marker.IsCommit));
        return info.Error;
    }
}
