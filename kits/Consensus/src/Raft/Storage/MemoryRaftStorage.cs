using Microcosm.Runtime;

namespace Microcosm.Consensus;

/// <summary>
/// A storage in memory, for scripts and benchmarks: what was written is kept once <see cref="Sync"/> says so, and lost in
/// <see cref="Crash"/> before that.
/// </summary>
internal sealed class MemoryRaftStorage : IRaftView
{
    private readonly Queue<RaftReady> _written = new();
    private readonly List<RaftEntry> _entries = [];
    private readonly List<byte> _incoming = [];
    private byte[] _snapshot = [];

    public MemoryRaftStorage(Membership founders) => Snapshot = new SnapshotMeta(0, 0, founders);

    /// <inheritdoc/>
    public HardState HardState { get; private set; }

    /// <inheritdoc/>
    public SnapshotMeta Snapshot { get; private set; }

    /// <inheritdoc/>
    public long BaseIndex { get; private set; }

    /// <inheritdoc/>
    public long BaseTerm { get; private set; }

    /// <inheritdoc/>
    public long LastIndex => BaseIndex + _entries.Count;

    /// <inheritdoc/>
    public long SnapshotBytes => _snapshot.Length;

    /// <inheritdoc/>
    public RaftEntry EntryAt(long index) => _entries[(int)(index - BaseIndex - 1)];

    /// <inheritdoc/>
    public int ReadSnapshot(long offset, Span<byte> buffer)
    {
        var count = (int)Math.Min(buffer.Length, _snapshot.Length - offset);
        _snapshot.AsSpan((int)offset, count).CopyTo(buffer);
        return count;
    }

    /// <summary>Takes what a ready wants written, to the cache.</summary>
    public void Write(RaftReady ready)
    {
        if (ready.MustSync || ready.HardState is not null)
            _written.Enqueue(ready);
    }

    /// <summary>Makes everything that was written durable; answers the number of the last write, 0 for none.</summary>
    public long Sync()
    {
        long last = 0;
        while (_written.TryDequeue(out var ready))
        {
            last = Math.Max(last, ready.Write);
            Keep(ready);
        }
        return last;
    }

    /// <summary>What was not synced is lost.</summary>
    public void Crash()
    {
        _written.Clear();
        _incoming.Clear();
    }

    /// <summary>Keeps a snapshot.</summary>
    public void SaveSnapshot(SnapshotMeta meta, byte[] contents) => (Snapshot, _snapshot) = (meta, contents);

    /// <summary>Drops entries up to <paramref name="index"/>.</summary>
    public void Compact(long index)
    {
        if (index <= BaseIndex)
            return;
        BaseTerm = EntryAt(index).Term;
        _entries.RemoveRange(0, (int)(index - BaseIndex));
        BaseIndex = index;
    }

    private void Keep(RaftReady ready)
    {
        foreach (var chunk in ready.Chunks)
            Keep(chunk);
        if (ready.Entries.Count > 0)
        {
            var first = ready.Entries[0].Index;
            Invariant.Check(first > BaseIndex && first <= LastIndex + 1);
            _entries.RemoveRange((int)(first - BaseIndex - 1), (int)(LastIndex - first + 1));
            _entries.AddRange(ready.Entries);
        }
        HardState = ready.HardState ?? HardState;
    }

    private void Keep(SnapshotChunk chunk)
    {
        if (chunk.Offset == 0)
            _incoming.Clear();
        Invariant.Check(chunk.Offset == _incoming.Count);
        _incoming.AddRange(chunk.Data.Span);
        if (!chunk.IsLast)
            return;
        SaveSnapshot(chunk.Meta, [.. _incoming]);
        _entries.Clear();
        (BaseIndex, BaseTerm) = (chunk.Meta.Index, chunk.Meta.Term);
    }
}
