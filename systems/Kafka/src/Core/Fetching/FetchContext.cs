using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>
/// One fetch under way. Invariants: its answer is made once; an incremental answer holds exactly what is news to the client; an answer that
/// was overtaken by another request of its session is refused.
/// </summary>
internal sealed class FetchContext
{
    private readonly FetchSessions? _sessions;
    private readonly FetchSession? _session;
    private readonly int _epoch;
    private readonly bool _isFollower;
    private readonly bool _usesTopicIds;
    private bool _isAnswered;

    private FetchContext(
        KafkaError error, IReadOnlyList<FetchedPartition> partitions, FetchSessions? sessions, FetchSession? session, bool isFollower,
        bool usesTopicIds)
    {
        (Error, Partitions, _sessions, _session) = (error, partitions, sessions, session);
        (_isFollower, _usesTopicIds, _epoch) = (isFollower, usesTopicIds, session?.Epoch ?? 0);
    }

    /// <summary>Not none: nothing is read, and the answer says only this.</summary>
    public KafkaError Error { get; }

    /// <summary>To be read, in this order.</summary>
    public IReadOnlyList<FetchedPartition> Partitions { get; }

    internal static FetchContext Refused(KafkaError error) => new(error, [], null, null, false, false);

    /// <param name="sessions">Null: no session is made.</param>
    internal static FetchContext Full(
        FetchSessions? sessions, IEnumerable<KeyValuePair<FetchPartitionId, FetchRequest.FetchPartition>> named,
        Func<Guid, string?> nameOf, bool isFollower, bool usesTopicIds)
    {
        var partitions = named.Select(p => new FetchedPartition(p.Key, usesTopicIds ? nameOf(p.Key.TopicId) : p.Key.Topic, p.Value));
        return new(KafkaError.None, [.. partitions], sessions, null, isFollower, usesTopicIds);
    }

    internal static FetchContext Incremental(FetchSession session, Func<Guid, string?> nameOf)
    {
        var partitions = session.Partitions.Select(p =>
            new FetchedPartition(p.Id, p.Topic ??= nameOf(p.Id.TopicId), p.Request));
        return new(KafkaError.None, [.. partitions], null, session, session.IsPrivileged, session.UsesTopicIds);
    }

    /// <summary>The answer.</summary>
    /// <param name="read">What came of <see cref="Partitions"/>; what is left out is not in the answer.</param>
    public FetchResponse Answer(IReadOnlyList<(FetchedPartition Partition, FetchResponse.PartitionData Data)> read, long nowMs)
    {
        Invariant.Check(!_isAnswered, "a fetch is answered once");
        _isAnswered = true;
        if (Error != KafkaError.None)
            return new() { ErrorCode = (short)Error };
        if (_session is null)
            return Response(NewSession(read, nowMs), read);
        if (_session.Epoch != _epoch)
            return new() { ErrorCode = (short)KafkaError.InvalidFetchSessionEpoch, SessionId = _session.Id };
        return Response(_session.Id, read.Where(r => IsNews(_session, r.Partition, r.Data)));
    }

    /// <summary>Instead of an answer with data, to a client that used too much: it hears the news with its next fetch.</summary>
    public FetchResponse Throttled(int throttleTimeMs)
    {
        Invariant.Check(!_isAnswered, "a fetch is answered once");
        _isAnswered = true;
        var error = _session is not null && _session.Epoch != _epoch ? KafkaError.InvalidFetchSessionEpoch : KafkaError.None;
        return new() { ThrottleTimeMs = throttleTimeMs, ErrorCode = (short)error, SessionId = _session?.Id ?? FetchSessions.NoId };
    }

    private static bool IsNews(FetchSession session, FetchedPartition partition, FetchResponse.PartitionData data)
    {
        // Overtaken requests are refused before, so what was asked for is still there.
        var known = session.Find(partition.Id);
        Invariant.Check(known is not null, "an answer is about partitions of the session");
        if (!known.Tell(data))
            return false;
        if (data.Records is { Length: > 0 })
            session.MoveToEnd(known);
        return true;
    }

    private int NewSession(IReadOnlyList<(FetchedPartition Partition, FetchResponse.PartitionData Data)> read, long nowMs)
    {
        var session = _sessions?.TryCreate(_isFollower, read.Count, _usesTopicIds, nowMs);
        if (session is null)
            return FetchSessions.NoId;
        foreach (var (partition, data) in read)
        {
            var known = session.Set(partition.Id, partition.Request);
            known.Topic = partition.Topic;
            known.Tell(data);
        }
        _sessions!.Touch(session, nowMs);
        return session.Id;
    }

    private static FetchResponse Response(
        int sessionId, IEnumerable<(FetchedPartition Partition, FetchResponse.PartitionData Data)> told)
    {
        var response = new FetchResponse { SessionId = sessionId };
        FetchResponse.FetchableTopicResponse? topic = null;
        foreach (var (partition, data) in told)
        {
            data.PartitionIndex = partition.Request.Partition;
            // In the order in which they were read: a topic may come twice.
            if (topic is null || topic.TopicId != partition.Id.TopicId || topic.Topic != partition.Id.Topic)
            {
                topic = new() { Topic = partition.Id.Topic, TopicId = partition.Id.TopicId };
                response.Responses.Add(topic);
            }
            topic.Partitions.Add(data);
        }
        return response;
    }
}
