namespace Microcosm.Consensus;

/// <summary>
/// What a member's storage holds, as the core reads it. The core asks only for entries that were reported as persisted and not truncated
/// since, and for the snapshot that was reported last. Calls do not wait.
/// </summary>
internal interface IRaftView
{
    /// <summary>What was written last; all zero for a new member.</summary>
    HardState HardState { get; }

    /// <summary>The latest snapshot. A new member's stands at index 0 and says who founded the group.</summary>
    SnapshotMeta Snapshot { get; }

    /// <summary>Index of the entry before the first one kept; at most the snapshot's.</summary>
    long BaseIndex { get; }

    /// <summary>That entry's term.</summary>
    long BaseTerm { get; }

    /// <summary>Index of the last entry, or <see cref="BaseIndex"/>.</summary>
    long LastIndex { get; }

    /// <summary>The entry at an index in (<see cref="BaseIndex"/>, <see cref="LastIndex"/>].</summary>
    RaftEntry EntryAt(long index);

    /// <summary>Length of the latest snapshot's contents, in bytes.</summary>
    long SnapshotBytes { get; }

    /// <summary>Reads from the latest snapshot's contents; fewer bytes only at its end.</summary>
    int ReadSnapshot(long offset, Span<byte> buffer);
}
