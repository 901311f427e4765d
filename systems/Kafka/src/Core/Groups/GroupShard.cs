using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>
/// The coordinator of the groups of one partition of __consumer_offsets: Kafka's classic groups (KIP-62, 345, 394, 559, 814) and its
/// consumer groups (KIP-848).
/// Invariants:
/// 1. What is answered is committed: an answer that tells of a record leaves after its write, and a read after all writes before it.
/// 2. The written records replayed give the same offsets, members, generations, epochs and assignments.
/// 3. Nobody waits for ever: each waiting join or sync ends with its rebalance's deadline, a write, or <see cref="Unload"/>.
/// 4. A group is of one kind. One that becomes the other (<see cref="GroupMigration"/>) keeps its offsets, and what its members hold.
/// Everything comes in: time in ms as an argument, topics by <see cref="IGroupTopics"/>, randomness by <c>newId</c>.
/// </summary>
internal sealed class GroupShard : ICoordinatorShard
{
    private readonly GroupBoard _board;
    private readonly GroupLoading _loading;
    private readonly ClassicRebalances _rebalances;
    private readonly ConsumerRebalances _consumerRebalances;
    private readonly HashSet<string> _deletedTopics = [];
    private long _nextRetentionMs = long.MaxValue;

    /// <param name="times">Of the members of a consumer group, as they are now; null for those of the options.</param>
    public GroupShard(GroupOptions options, IGroupTopics topics, Func<Guid> newId, Func<string, ConsumerTimes>? times = null)
    {
        _board = new GroupBoard(options, newId, times);
        _loading = new GroupLoading(_board);
        _rebalances = new ClassicRebalances(_board);
        var migration = new GroupMigration(_board, topics, _rebalances);
        _consumerRebalances = new ConsumerRebalances(_board, topics, migration);
        var classicMembers = new ClassicMembers(_board, topics, _consumerRebalances, migration);
        Joins = new ClassicJoins(_board, _rebalances, classicMembers);
        Membership = new ClassicMembership(_board, _rebalances, classicMembers);
        Consumers = new ConsumerHeartbeats(_board, _consumerRebalances, migration);
        ConsumerDescriptions = new ConsumerDescriptions(_board, _consumerRebalances, topics);
        Offsets = new GroupOffsets(_board);
    }

    public ClassicJoins Joins { get; }

    public ClassicMembership Membership { get; }

    public ConsumerHeartbeats Consumers { get; }

    public ConsumerDescriptions ConsumerDescriptions { get; }

    public GroupOffsets Offsets { get; }

    public bool MustReload => _board.MustReload;

    public long NextDueMs => _board.IsEnded ? long.MaxValue : Math.Min(_nextRetentionMs, _board.NextDueMs);

    public IEnumerable<Group> Groups => _board.Groups.Values;

    public bool TryTakeWrite(out CoordinatorWrite write) => _board.Writes.TryDequeue(out write!);

    public void Unload() => _board.End();

    public void Loaded(long nowMs)
    {
        Invariant.Check(!_board.IsLoaded, "a shard is loaded twice");
        _board.IsLoaded = true;
        _nextRetentionMs = nowMs + _board.Options.OffsetsRetentionCheckMs;
        foreach (var group in _board.Groups.Values)
        {
            if (group is ConsumerGroup consumer)
                _consumerRebalances.Loaded(consumer, nowMs);
            else if (group is ClassicGroup classic)
                _rebalances.Loaded(classic, nowMs);
        }

        Offsets.TopicsDeleted(_deletedTopics);
    }

    /// <summary>Nobody can read on in a topic that is gone: all groups forget their offsets in it.</summary>
    public void TopicsDeleted(IReadOnlyCollection<string> topics)
    {
        if (_board.IsLoaded)
            Offsets.TopicsDeleted(topics);
        else
            _deletedTopics.UnionWith(topics);
    }

    public void Tick(long nowMs)
    {
        while (!_board.IsClosed && _board.TakeDue(nowMs) is { } group)
        {
            if (group is ConsumerGroup consumer)
                _consumerRebalances.RunDue(consumer, nowMs);
            else if (group is ClassicGroup classic)
                _rebalances.RunDue(classic, nowMs);
            _board.Changed(group);
        }

        if (_board.IsClosed || nowMs < _nextRetentionMs)
            return;
        _nextRetentionMs = nowMs + _board.Options.OffsetsRetentionCheckMs;
        Offsets.ExpireOffsets(nowMs);
    }

    public void Load(byte[] key, byte[]? value, long producerId = -1)
    {
        Invariant.Check(!_board.IsLoaded, "a record is replayed after loading");
        _loading.Load(new CoordinatorRecord(key, value), producerId);
    }

    public void LoadMarker(long producerId, bool isCommit)
    {
        Invariant.Check(!_board.IsLoaded, "a marker is replayed after loading");
        Offsets.CompleteTransaction(producerId, isCommit);
    }

    /// <summary>DescribeGroups, for one group; one that is not here, or is no classic group, is Dead.</summary>
    public (KafkaError Error, GroupDescription Group) Describe(string groupId)
    {
        if (_board.IsClosed)
            return (_board.ClosedError, new GroupDescription(groupId, "", "", "", []));
        return (KafkaError.None, _board.FindClassic(groupId)?.Describe() ?? new GroupDescription(groupId, "Dead", "", "", []));
    }

    /// <summary>ListGroups: those of this shard, in any order.</summary>
    public (KafkaError Error, IReadOnlyList<GroupDescription> Groups) List() =>
        _board.IsClosed ? (_board.ClosedError, []) : (KafkaError.None, [.. _board.Groups.Values.Select(group => group.Describe())]);
}
