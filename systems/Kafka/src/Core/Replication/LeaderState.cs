using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>
/// What the leader of a partition knows of its followers: the high watermark and the in-sync replicas, for one leader epoch (KIP-101,
/// KIP-497, KIP-903). Stepped: offsets and times in ms come in. Invariants: the high watermark never falls, never passes what the leader
/// has synced, nor what a replica in sync has said it synced; one change of the ISR is asked for at a time; while one is under way,
/// replicas of both the old and the new ISR count, and until it is known how it ended; nobody joins the ISR whom this leader has not
/// asked for.
/// </summary>
internal sealed class LeaderState
{
    private readonly int _self;
    private readonly long _lagMaxMs;
    private readonly Func<int, long, bool> _isEligible;
    private readonly SortedDictionary<int, FollowerProgress> _followers = [];
    private readonly HashSet<int> _everAsked = [];
    // Asked for in this partition epoch, and nobody knows whether it was made: it may be in force, or come into force yet.
    private readonly HashSet<int> _unsettled = [];
    private HashSet<int>? _asked;

    /// <param name="self">The leader's broker id.</param>
    /// <param name="partition">As the cluster agreed on it; led by <paramref name="self"/>.</param>
    /// <param name="highWatermark">The last that this replica knew, as a follower or from its checkpoint.</param>
    /// <param name="endOffset">Of its log: where the epoch begins.</param>
    /// <param name="lagMaxMs">replica.lag.time.max.ms</param>
    /// <param name="isEligible">Whether a broker of an epoch (-1: any) may be in an ISR: it is neither fenced nor shutting down.</param>
    public LeaderState(
        int self, PartitionState partition, long highWatermark, long endOffset, long syncedEnd, long lagMaxMs,
        Func<int, long, bool> isEligible, long nowMs)
    {
        Invariant.Check(partition.Leader == self && highWatermark <= endOffset && syncedEnd <= endOffset);
        (_self, _lagMaxMs, _isEligible, Partition) = (self, lagMaxMs, isEligible, partition);
        (HighWatermark, EpochStartOffset, EndOffset, SyncedEnd) = (highWatermark, endOffset, endOffset, syncedEnd);
        foreach (var replica in partition.Replicas.Where(r => r != self))
            _followers.Add(replica, new FollowerProgress { CaughtUpAtMs = partition.Isr.Contains(replica) ? nowMs : long.MinValue });
        Advance(nowMs);
    }

    /// <summary>As the cluster agrees on it, in this leader epoch.</summary>
    public PartitionState Partition { get; private set; }

    public int LeaderEpoch => Partition.LeaderEpoch;

    /// <summary>Where the log ended when the epoch began.</summary>
    public long EpochStartOffset { get; }

    public long EndOffset { get; private set; }

    public long SyncedEnd { get; private set; }

    /// <summary>What is below it is durable on all replicas in sync.</summary>
    public long HighWatermark { get; private set; }

    /// <summary>True while a change of the ISR waits for its answer.</summary>
    public bool IsChangingIsr => _asked is not null;

    public IReadOnlyDictionary<int, FollowerProgress> Followers => _followers;

    /// <summary>The log got longer, or more of it is synced.</summary>
    public void LogMoved(long endOffset, long syncedEnd, long nowMs)
    {
        Invariant.Check(endOffset >= EndOffset && syncedEnd >= SyncedEnd && syncedEnd <= endOffset, "a leader's log only grows");
        (EndOffset, SyncedEnd) = (endOffset, syncedEnd);
        Advance(nowMs);
    }

    /// <summary>A follower fetches from an offset: it has synced all below. False: it is no replica.</summary>
    public bool Fetched(int replica, long brokerEpoch, long offset, long logStart, long nowMs)
    {
        if (!_followers.TryGetValue(replica, out var follower))
            return false;
        // Caught up now, or with what was there at its last fetch: then it was at that time (KIP-16).
        if (offset >= EndOffset)
            follower.CaughtUpAtMs = Math.Max(follower.CaughtUpAtMs, nowMs);
        else if (offset >= follower.LeaderEndAtFetch && follower.FetchedAtMs != long.MinValue)
            follower.CaughtUpAtMs = Math.Max(follower.CaughtUpAtMs, follower.FetchedAtMs);
        (follower.Offset, follower.LogStart, follower.BrokerEpoch) = (offset, logStart, brokerEpoch);
        (follower.LeaderEndAtFetch, follower.FetchedAtMs) = (EndOffset, nowMs);
        Advance(nowMs);
        return true;
    }

    /// <summary>The cluster changed the partition in this epoch: its replicas or its ISR.</summary>
    public void Changed(PartitionState partition, long nowMs)
    {
        Invariant.Check(partition.Leader == _self && partition.LeaderEpoch == LeaderEpoch);
        if (partition.PartitionEpoch <= Partition.PartitionEpoch)
            return;
        Invariant.Check(partition.Isr.All(r => Partition.Isr.Contains(r) || _everAsked.Contains(r)), "only the leader lets replicas join");
        Partition = partition;
        // Whatever was asked for was about the partition before.
        _asked = null;
        _unsettled.Clear();
        foreach (var gone in _followers.Keys.Except(partition.Replicas).ToArray())
            _followers.Remove(gone);
        foreach (var added in partition.Replicas.Where(r => r != _self && !_followers.ContainsKey(r)))
            _followers.Add(added, new FollowerProgress { CaughtUpAtMs = long.MinValue });
        Advance(nowMs);
    }

    /// <summary>The ISR that the leader wants, with broker epochs, or null where it is as it should be. Says it once: until
    /// <see cref="Changed"/> or <see cref="IsrRefused"/> comes nothing more is wanted.</summary>
    public IReadOnlyList<(int Broker, long Epoch)>? TakeIsrChange(long nowMs)
    {
        if (_asked is not null)
            return null;
        var wanted = Partition.Replicas.Where(r => r == _self || (Partition.Isr.Contains(r) ? !IsLate(r, nowMs)
            : CanJoin(r))).ToArray();
        // Nothing new, but a change that is made settles what was asked for before.
        if (_unsettled.Count == 0 && wanted.Length == Partition.Isr.Count && wanted.All(Partition.Isr.Contains))
            return null;
        _asked = [.. wanted];
        _everAsked.UnionWith(wanted);
        return [.. wanted.Select(r => (r, r == _self ? -1 : _followers[r].BrokerEpoch))];
    }

    /// <summary>The change was not made, and may be asked for again. Where nobody knows whether it was, its replicas count until the
    /// cluster changes the partition.</summary>
    public void IsrRefused(bool isOutcomeKnown, long nowMs)
    {
        if (!isOutcomeKnown)
            _unsettled.UnionWith(_asked ?? []);
        _asked = null;
        Advance(nowMs);
    }

    private bool IsLate(int replica, long nowMs) =>
        _followers[replica] is var follower && follower.Offset < EndOffset && nowMs - follower.CaughtUpAtMs > _lagMaxMs;

    // It has what is committed, and has seen this epoch's beginning (KAFKA-7128).
    private bool CanJoin(int replica) => _followers[replica] is var follower && follower.Offset >= HighWatermark
        && follower.Offset >= EpochStartOffset && _isEligible(replica, follower.BrokerEpoch);

    private bool IsAboutToJoin(int replica, FollowerProgress follower, long nowMs) =>
        follower.CaughtUpAtMs != long.MinValue && nowMs - follower.CaughtUpAtMs <= _lagMaxMs && follower.Offset >= HighWatermark
        && _isEligible(replica, follower.BrokerEpoch);

    private void Advance(long nowMs)
    {
        var highest = SyncedEnd;
        foreach (var (id, follower) in _followers)
        {
            // Who has nearly caught up counts too, or it could never join while the watermark runs on.
            if (Partition.Isr.Contains(id) || _asked?.Contains(id) == true || _unsettled.Contains(id) || IsAboutToJoin(id, follower, nowMs))
                highest = Math.Min(highest, follower.Offset);
        }
        if (Bug.IsPlanted("kafka/high-watermark-before-sync"))
            highest = EndOffset;
        if (highest > HighWatermark)
            HighWatermark = highest;
    }
}
