namespace Microcosm.Kafka;

/// <summary>Where a follower's log and its leader's part, by leader epochs (KIP-101, KIP-279, KIP-595).</summary>
internal static class Truncation
{
    /// <summary>
    /// What a leader says to a follower whose last epoch and end offset are these: the epoch and its end here where they part, null where
    /// the follower's log is a prefix of the leader's, OffsetOutOfRange where nothing is known of the epoch.
    /// </summary>
    public static (KafkaError Error, (int Epoch, long EndOffset)? Diverging) Find(PartitionLog leader, int lastEpoch, long endOffset)
    {
        if (lastEpoch < 0)
            return (KafkaError.None, null);
        var (epoch, end) = leader.EndOffsetFor(lastEpoch);
        if (epoch == LeaderEpochs.Undefined || end == LeaderEpochs.Undefined)
            return (KafkaError.OffsetOutOfRange, null);
        return epoch < lastEpoch || end < endOffset ? (KafkaError.None, (epoch, end)) : (KafkaError.None, null);
    }

    /// <summary>Where a follower cuts its log when its leader has said where they part. The next fetch says whether that was
    /// enough.</summary>
    public static long CutAt(PartitionLog follower, int leaderEpoch, long leaderEnd)
    {
        var (epoch, end) = follower.EndOffsetFor(leaderEpoch);
        var cut = epoch == LeaderEpochs.Undefined ? leaderEnd : epoch == leaderEpoch ? Math.Min(end, leaderEnd) : end;
        return Math.Min(cut, follower.LogEndOffset);
    }
}
