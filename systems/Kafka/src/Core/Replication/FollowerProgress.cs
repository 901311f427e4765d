namespace Microcosm.Kafka;

/// <summary>How far a follower is, as its leader knows. Times in ms; <see cref="long.MinValue"/> for never.</summary>
internal sealed class FollowerProgress
{
    /// <summary>What it fetches next: all below is synced there. -1 before its first fetch in this epoch.</summary>
    public long Offset { get; set; } = -1;

    public long LogStart { get; set; } = -1;

    /// <summary>Of its registration, as it said; -1 if it did not (KIP-903).</summary>
    public long BrokerEpoch { get; set; } = -1;

    /// <summary>When it last had all that the leader had.</summary>
    public long CaughtUpAtMs { get; set; }

    /// <summary>When it fetched last, and where the leader's log ended then.</summary>
    public long FetchedAtMs { get; set; } = long.MinValue;

    public long LeaderEndAtFetch { get; set; } = -1;

    /// <summary>The high watermark that it was told last.</summary>
    public long HighWatermarkSent { get; set; } = -1;
}
