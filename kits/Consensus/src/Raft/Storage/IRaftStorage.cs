namespace Microcosm.Consensus;

/// <summary>
/// Where a member keeps its log, hard state and snapshot. What is written is seen in the view at once and is durable after the flush that
/// follows. Calls that wait are made one at a time.
/// </summary>
internal interface IRaftStorage : IRaftView
{
    /// <summary>True if something was written since the last flush began.</summary>
    bool HasUnflushed { get; }

    /// <summary>Takes what a ready wants written: parts of a snapshot, entries, hard state.</summary>
    void Write(RaftReady ready);

    /// <summary>
    /// Makes durable what was written before the call, in order; with one sync for all of it. Answers the number of the last write in it
    /// that must be reported, 0 for none.
    /// </summary>
    ValueTask<long> FlushAsync();

    /// <summary>Keeps a snapshot, durably, in place of the one before.</summary>
    ValueTask SaveSnapshotAsync(SnapshotMeta meta, ReadOnlyMemory<byte> contents);

    /// <summary>Drops entries up to <paramref name="index"/>, which a snapshot covers.</summary>
    ValueTask CompactAsync(long index);
}
