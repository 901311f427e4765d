namespace Microcosm.Consensus;

/// <summary>What the members of a simulated group have in common.</summary>
/// <param name="Ids">Of all nodes there are, members or not.</param>
/// <param name="SnapshotEvery">Entries applied between two snapshots.</param>
/// <param name="KeepEntries">Entries kept behind a snapshot, for followers that are a little late.</param>
/// <param name="SegmentBytes">Size of a segment of the log.</param>
/// <param name="CacheBytes">Entries kept in memory.</param>
/// <param name="Comes">Told when a member comes to a <see cref="RaftMoment"/>.</param>
internal sealed record RaftGroup(
    long[] Ids, Membership Founders, RaftOptions Options, RaftObserver Observer, int SnapshotEvery, int KeepEntries, int SegmentBytes,
    int CacheBytes, Action<long, string> Comes);
