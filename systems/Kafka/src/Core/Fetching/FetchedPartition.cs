namespace Microcosm.Kafka;

/// <summary>A partition that a fetch wants to read.</summary>
/// <param name="Id">As the client names it.</param>
/// <param name="Topic">Null: there is no topic of the id, and the answer is UNKNOWN_TOPIC_ID.</param>
/// <param name="Request">From where, and how much.</param>
internal readonly record struct FetchedPartition(FetchPartitionId Id, string? Topic, FetchRequest.FetchPartition Request)
{
    /// <summary>
    /// Why it cannot be read, as far as the metadata tell. Kafka answers UNKNOWN_TOPIC_ID before it looks at what the client may read, the
    /// rest after: whoever asks must have checked the rights to <see cref="Topic"/> if there is one.
    /// </summary>
    public KafkaError Check(ClusterState state)
    {
        if (Topic is null)
            return KafkaError.UnknownTopicId;
        if (!state.Topics.TryGetValue(Topic, out var topic) || Request.Partition < 0 || Request.Partition >= topic.Partitions.Count)
            return KafkaError.UnknownTopicOrPartition;
        // The session knows the name that the id had; meanwhile another topic may have it.
        return Id.TopicId != Guid.Empty && Id.TopicId != topic.Id ? KafkaError.InconsistentTopicId : KafkaError.None;
    }
}
