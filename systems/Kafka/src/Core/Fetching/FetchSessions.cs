using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>
/// The incremental fetch sessions of a broker (KIP-227). Invariants: there are never more than slots; a session is evicted only if it was
/// not used for long, or if it is older than that and smaller than the new one; to a follower any consumer's gives way, a follower's in use
/// to no consumer.
/// </summary>
/// <param name="newId">Random positive numbers; who cannot guess one cannot disturb another's session.</param>
internal sealed class FetchSessions(FetchSessionOptions options, Func<int> newId)
{
    /// <summary>No session.</summary>
    public const int NoId = 0;

    private const int InitialEpoch = 0;
    private const int FinalEpoch = -1;

    private readonly Dictionary<int, FetchSession> _sessions = [];
    private readonly SortedDictionary<(long LastUsedMs, int Id), FetchSession> _lastUsed = [];

    // Followers come last, then the larger ones.
    private readonly SortedDictionary<(bool IsPrivileged, int Count, int Id), FetchSession> _evictableByAll = [];
    private readonly SortedDictionary<(bool IsPrivileged, int Count, int Id), FetchSession> _evictableByPrivileged = [];

    public int Count => _sessions.Count;

    /// <summary>Partitions of all sessions.</summary>
    public long Partitions { get; private set; }

    public long Evictions { get; private set; }

    /// <summary>What a session would read first; null if there is no such session.</summary>
    public SessionPartition? FirstOf(int id) => _sessions.GetValueOrDefault(id)?.Partitions.FirstOrDefault();

    /// <summary>Takes a request: what to read, and for whom the answer is.</summary>
    /// <param name="nameOf">The name of the topic with the id; null if there is none.</param>
    /// <param name="isFollower">The request names a replica.</param>
    public FetchContext Begin(FetchRequest request, short version, bool isFollower, Func<Guid, string?> nameOf, long nowMs)
    {
        if (request.SessionEpoch is InitialEpoch or FinalEpoch)
        {
            if (_sessions.TryGetValue(request.SessionId, out var old))
                Remove(old);
            return FetchContext.Full(
                request.SessionEpoch == InitialEpoch ? this : null, Named(request, version), nameOf, isFollower, version >= 13);
        }
        if (!_sessions.TryGetValue(request.SessionId, out var session))
            return FetchContext.Refused(KafkaError.FetchSessionIdNotFound);
        if (session.Epoch != request.SessionEpoch)
            return FetchContext.Refused(KafkaError.InvalidFetchSessionEpoch);
        if (session.UsesTopicIds != version >= 13)
            return FetchContext.Refused(KafkaError.FetchSessionTopicIdError);
        var named = Named(request, version);
        foreach (var (id, partition) in named)
            session.Set(id, partition);
        foreach (var topic in request.ForgottenTopicsData)
        {
            foreach (var partition in topic.Partitions)
                session.Forget(Id(topic.Topic, topic.TopicId, partition, version));
        }
        if (session.Count == 0)
        {
            // An answer under way to an earlier request knows partitions that are gone.
            session.Epoch++;
            Remove(session);
            return FetchContext.Full(null, named, nameOf, isFollower, session.UsesTopicIds);
        }
        Touch(session, nowMs);
        session.Epoch = session.Epoch == int.MaxValue ? 1 : session.Epoch + 1;
        return FetchContext.Incremental(session, nameOf);
    }

    /// <summary>A new session, if there is a slot or one can be made; null if not.</summary>
    internal FetchSession? TryCreate(bool isPrivileged, int count, bool usesTopicIds, long nowMs)
    {
        if (_sessions.Count >= options.Slots && !TryEvict(isPrivileged, count, nowMs))
            return null;
        int id;
        do
            id = newId();
        while (id <= NoId || _sessions.ContainsKey(id));
        var session = new FetchSession(id, isPrivileged, usesTopicIds, nowMs);
        _sessions.Add(id, session);
        Invariant.Check(_sessions.Count <= options.Slots, "never more fetch sessions than slots");
        return session;
    }

    /// <summary>A sign of life: after each request, and after a session has got its partitions.</summary>
    internal void Touch(FetchSession session, long nowMs)
    {
        Forget(session);
        session.LastUsedMs = nowMs;
        session.CountedPartitions = session.Count;
        Partitions += session.Count;
        _lastUsed.Add((nowMs, session.Id), session);
        var isOld = nowMs - session.CreatedMs > options.EvictionMs;
        if (isOld)
            _evictableByAll.Add(Place(session), session);
        if (isOld || !session.IsPrivileged)
            _evictableByPrivileged.Add(Place(session), session);
    }

    /// <summary>For tests.</summary>
    internal void CheckInvariants()
    {
        Invariant.Check(_lastUsed.Count == _sessions.Count, "every session has a time of its last use");
        Invariant.Check(_sessions.Values.Sum(s => (long)s.CountedPartitions) == Partitions, "partitions are counted once");
        Invariant.Check(_evictableByAll.Values.All(s => _sessions.ContainsValue(s)), "what can be evicted is there");
        Invariant.Check(_evictableByAll.Keys.All(_evictableByPrivileged.ContainsKey), "a follower may evict what all may");
    }

    private bool TryEvict(bool isPrivileged, int count, long nowMs)
    {
        if (_lastUsed.Count == 0)
            return false;
        var stale = _lastUsed.First().Value;
        if (nowMs - stale.LastUsedMs <= options.EvictionMs)
        {
            var evictable = isPrivileged ? _evictableByPrivileged : _evictableByAll;
            if (evictable.Count == 0 || (isPrivileged, count, 0).CompareTo(evictable.First().Key) < 0)
                return false;
            stale = evictable.First().Value;
        }
        Remove(stale);
        Evictions++;
        return true;
    }

    private void Remove(FetchSession session)
    {
        Forget(session);
        _sessions.Remove(session.Id);
    }

    private void Forget(FetchSession session)
    {
        _lastUsed.Remove((session.LastUsedMs, session.Id));
        if (session.CountedPartitions < 0)
            return;
        _evictableByAll.Remove(Place(session));
        _evictableByPrivileged.Remove(Place(session));
        Partitions -= session.CountedPartitions;
    }

    private static (bool IsPrivileged, int Count, int Id) Place(FetchSession session) =>
        (session.IsPrivileged, session.CountedPartitions, session.Id);

    // Of a partition that is named twice the last wish counts.
    private static OrderedDictionary<FetchPartitionId, FetchRequest.FetchPartition> Named(FetchRequest request, short version)
    {
        var named = new OrderedDictionary<FetchPartitionId, FetchRequest.FetchPartition>();
        foreach (var topic in request.Topics)
        {
            foreach (var partition in topic.Partitions)
                named[Id(topic.Topic, topic.TopicId, partition.Partition, version)] = partition;
        }
        return named;
    }

    private static FetchPartitionId Id(string topic, Guid topicId, int partition, short version) =>
        version >= 13 ? new("", topicId, partition) : new(topic, Guid.Empty, partition);
}
