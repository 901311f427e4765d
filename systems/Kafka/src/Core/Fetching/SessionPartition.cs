using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>What a session knows of a partition: what the client wants, and what it was told last.</summary>
internal sealed class SessionPartition(FetchPartitionId id, FetchRequest.FetchPartition request)
{
    private long _highWatermark = -1;
    private long _logStartOffset = -1;

    public FetchPartitionId Id { get; } = id;

    /// <summary>Of the request that named it last.</summary>
    public FetchRequest.FetchPartition Request { get; set; } = request;

    /// <summary>The topic's name; null as long as its id is unknown.</summary>
    public string? Topic { get; set; } = id.TopicId == Guid.Empty ? id.Topic : null;

    /// <summary>Takes what was read; gives whether the client must be told, because it is new to it (KIP-227).</summary>
    public bool Tell(FetchResponse.PartitionData data)
    {
        var isNews = data.Records is { Length: > 0 }
            || data.HighWatermark != _highWatermark
            || data.LogStartOffset != _logStartOffset
            || data.PreferredReadReplica != -1
            || data.ErrorCode != (short)KafkaError.None
            || data.DivergingEpoch.Epoch >= 0;
        (_highWatermark, _logStartOffset) = (data.HighWatermark, data.LogStartOffset);
        // After an error the client must hear that it is over.
        if (data.ErrorCode != (short)KafkaError.None && !Bug.IsPlanted("kafka/fetch-session-hides-the-end-of-an-error"))
            _highWatermark = -1;
        return isNews;
    }
}
