namespace Microcosm.Consensus;

/// <summary>
/// What a core wants done. In this order: send <see cref="Messages"/> at once; write <see cref="Chunks"/>, <see cref="Entries"/> and
/// <see cref="HardState"/>, in this order and behind those of earlier readies; if <see cref="MustSync"/>, report the write by
/// <see cref="RaftCore.Persisted"/> once it is durable, whenever that is (several may share one sync); apply <see cref="Committed"/>.
/// </summary>
internal sealed class RaftReady
{
    /// <summary>Number of the write; ascending. 0 where nothing must be synced.</summary>
    public long Write { get; init; }

    /// <summary>Something here must be durable before others may hear of it.</summary>
    public bool MustSync => Write != 0;

    /// <summary>To be sent now. What waits for a write comes in a ready after that write was reported.</summary>
    public IReadOnlyList<RaftMessage> Messages { get; init; } = [];

    /// <summary>Parts of a snapshot. The last one replaces log and state machine.</summary>
    public IReadOnlyList<SnapshotChunk> Chunks { get; init; } = [];

    /// <summary>Entries to write. They replace everything the storage has from the first one's index on.</summary>
    public IReadOnlyList<RaftEntry> Entries { get; init; } = [];

    /// <summary>To be written, if it changed: where writes may be torn, term and vote before the entries, the commit index
    /// behind them.</summary>
    public HardState? HardState { get; init; }

    /// <summary>Entries for the state machine, in order.</summary>
    public IReadOnlyList<RaftEntry> Committed { get; init; } = [];

    /// <summary>Reads that may be answered once their index is applied.</summary>
    public IReadOnlyList<ReadState> Reads { get; init; } = [];

    /// <summary>Reads that will not be answered: leadership changed. They may be asked again.</summary>
    public IReadOnlyList<long> DroppedReads { get; init; } = [];
}
