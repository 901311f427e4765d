using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>
/// A follower's side of a fetch session (KIP-227), by topic ids. Invariants: in a session, what the leader has of a partition is what was
/// said last; after anything that leaves doubt about it everything is said anew.
/// </summary>
internal sealed class FetchSessionHandler
{
    private const int InitialEpoch = 0;

    private readonly Dictionary<FetchPartitionId, FetchRequest.FetchPartition> _told = [];
    private int _id = FetchSessions.NoId;
    private int _epoch = InitialEpoch;

    /// <summary>Names in a request what the leader does not have yet, and what it is to forget.</summary>
    /// <param name="wanted">All that is to be fetched; none twice.</param>
    public void Name(FetchRequest request, IEnumerable<(FetchPartitionId Id, FetchRequest.FetchPartition Wanted)> wanted)
    {
        (request.SessionId, request.SessionEpoch) = (_id, _epoch);
        if (_epoch == InitialEpoch)
            _told.Clear();
        var gone = _told.Keys.ToHashSet();
        FetchRequest.FetchTopic? topic = null;
        foreach (var (id, partition) in wanted)
        {
            gone.Remove(id);
            if (_told.TryGetValue(id, out var told) && IsSame(told, partition))
                continue;
            _told[id] = partition;
            if (topic?.TopicId != id.TopicId)
                request.Topics.Add(topic = new() { TopicId = id.TopicId });
            topic.Partitions.Add(partition);
        }
        foreach (var forgotten in gone.GroupBy(id => id.TopicId).OrderBy(t => t.Key))
            request.ForgottenTopicsData.Add(new() { TopicId = forgotten.Key, Partitions =
                [.. forgotten.Select(id => id.Partition).Order()] });
        foreach (var id in gone)
            _told.Remove(id);
    }

    /// <summary>The answer to what was named last. False: it is an error that has nothing to do with the session.</summary>
    public bool Answered(FetchResponse response)
    {
        var error = (KafkaError)response.ErrorCode;
        if (error != KafkaError.None)
        {
            Lost();
            if (error == KafkaError.FetchSessionIdNotFound)
                _id = FetchSessions.NoId;
            return error is KafkaError.FetchSessionIdNotFound or KafkaError.InvalidFetchSessionEpoch or KafkaError.FetchSessionTopicIdError;
        }
        Invariant.Check(_epoch == InitialEpoch || response.SessionId == _id || response.SessionId == FetchSessions.NoId,
            "a session keeps its id");
        _id = response.SessionId;
        _epoch = _id == FetchSessions.NoId ? InitialEpoch : _epoch == int.MaxValue ? 1 : _epoch + 1;
        return true;
    }

    /// <summary>No answer came: whether the leader has what was said, nobody knows. The next request ends the session for a new
    /// one.</summary>
    public void Lost() => _epoch = InitialEpoch;

    private static bool IsSame(FetchRequest.FetchPartition a, FetchRequest.FetchPartition b) =>
        !(a.FetchOffset != b.FetchOffset && !Bug.IsPlanted("kafka/follower-does-not-say-where-it-is"))
        && a.CurrentLeaderEpoch == b.CurrentLeaderEpoch && a.LastFetchedEpoch == b.LastFetchedEpoch
        && a.LogStartOffset == b.LogStartOffset && a.PartitionMaxBytes == b.PartitionMaxBytes;
}
