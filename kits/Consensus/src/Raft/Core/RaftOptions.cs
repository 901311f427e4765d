using Microcosm.Runtime;

namespace Microcosm.Consensus;

/// <summary>Times and limits of a group. All members of a group must have the same times: leases rely on it.</summary>
public sealed record RaftOptions
{
    /// <summary>
    /// A follower that hears nothing for this long, and up to as long again by chance, starts an election. It also refuses votes for this
    /// long after it heard from a leader, which is what leases stand on (thesis 6.4.1).
    /// </summary>
    public int ElectionTimeoutMs { get; init; } = 1_000;

    /// <summary>A leader shows itself at least this often.</summary>
    public int HeartbeatMs { get; init; } = 100;

    /// <summary>A candidate first asks whether it could win, without a new term (thesis 9.6).</summary>
    public bool PreVote { get; init; } = true;

    /// <summary>
    /// A leader that hears from no quorum for an election time-out steps down, and a voter that hears from a leader refuses votes
    /// (thesis 6.2, 4.2.3). Leases need it.
    /// </summary>
    public bool CheckQuorum { get; init; } = true;

    /// <summary>Reads are answered by lease where one is held; otherwise each read is confirmed by a quorum.</summary>
    public bool LeaseReads { get; init; }

    /// <summary>Most that any member's clock runs fast or slow against true time, in parts per million. Leases are shortened
    /// by it.</summary>
    public int ClockDriftPpmMax { get; init; } = 1_000;

    /// <summary>
    /// What leases are shortened by besides drift: rounding and the resolution of clocks. Not the offset of wall clocks, which no lease
    /// reads.
    /// </summary>
    public int LeaseMarginMs { get; init; } = 1;

    /// <summary>Most entries in one message.</summary>
    public int MessageEntriesMax { get; init; } = 1_024;

    /// <summary>Most payload in one message, in bytes; one entry always fits.</summary>
    public int MessageBytesMax { get; init; } = 1 << 20;

    /// <summary>Largest payload of an entry, in bytes.</summary>
    public int EntryBytesMax { get; init; } = 4 << 20;

    /// <summary>Most append messages under way to one follower.</summary>
    public int InflightMessagesMax { get; init; } = 64;

    /// <summary>Most payload under way to one follower, in bytes; passed by at most one message.</summary>
    public int InflightBytesMax { get; init; } = 8 << 20;

    /// <summary>Payload that a leader takes before it is applied, in bytes; passed by at most one entry.</summary>
    public long UncommittedBytesMax { get; init; } = 64 << 20;

    /// <summary>Payload of committed entries given out at once, in bytes; one entry always fits.</summary>
    public int ApplyBytesMax { get; init; } = 1 << 20;

    /// <summary>Bytes of a snapshot in one message.</summary>
    public int SnapshotChunkBytes { get; init; } = 256 << 10;

    /// <summary>Most reads that wait for a confirmation.</summary>
    public int PendingReadsMax { get; init; } = 10_000;

    /// <summary>Leaders show themselves at multiples of the interval on the node's clock, so that those of one node do it together.</summary>
    internal bool AlignsHeartbeats { get; init; }

    internal long ElectionTimeoutUs => ElectionTimeoutMs * 1_000L;

    internal long HeartbeatUs => HeartbeatMs * 1_000L;

    /// <summary>
    /// How long after the start of a confirmed round a lease lasts, in µs of the leader's clock. A voter's clock that runs fast by d ends
    /// its wait after E/(1+d) of true time; a leader's that runs slow by d counts (1−d) of true time: L/(1−d) must not exceed E/(1+d).
    /// </summary>
    internal long LeaseUs
    {
        get
        {
            var d = ClockDriftPpmMax / 1e6;
            return Math.Max(0, (long)(ElectionTimeoutUs * (1 - d) / (1 + d)) - LeaseMarginMs * 1_000L);
        }
    }

    internal void Validate()
    {
        Invariant.Check(HeartbeatMs > 0 && ElectionTimeoutMs >= 2 * HeartbeatMs);
        Invariant.Check(ClockDriftPpmMax is >= 0 and < 1_000_000 && LeaseMarginMs >= 0);
        Invariant.Check(CheckQuorum || !LeaseReads);
        Invariant.Check(MessageEntriesMax > 0 && MessageBytesMax > 0 && EntryBytesMax > 0);
        Invariant.Check(InflightMessagesMax > 0 && InflightBytesMax > 0 && UncommittedBytesMax > 0 && ApplyBytesMax > 0);
        Invariant.Check(SnapshotChunkBytes > 0 && PendingReadsMax > 0);
    }
}
