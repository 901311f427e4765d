using System.Buffers;
using Microcosm.Runtime;

namespace Microcosm.Consensus;

/// <summary>
/// A small storage on the node's disk: one log file, the latest snapshot, all kept entries in memory too. For logs that
/// snapshots keep short.
/// Invariants: what a flush writes, it writes in the order of the readies; a snapshot is durable before the log says that it begins behind
/// it; a log is rewritten under another name and renamed when it is durable.
/// </summary>
public sealed class FileRaftStorage : IRaftStorage
{
    private readonly IDisk _disk;
    private readonly string _folder;
    private readonly RaftSnapshotFiles _snapshots;
    private readonly List<RaftEntry> _entries = [];
    private readonly ArrayBufferWriter<byte> _incoming = new();
    private ArrayBufferWriter<byte> _unflushed = new();
    private (SnapshotMeta Meta, byte[] Contents)? _installing;
    private IDiskFile _log = null!;
    private byte[] _contents = [];
    private long _lastWrite;

    private FileRaftStorage(IDisk disk, string folder, Membership founders)
    {
        _disk = disk;
        _folder = folder;
        _snapshots = new RaftSnapshotFiles(disk, folder);
        Snapshot = new SnapshotMeta(0, 0, founders);
    }

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
    public long SnapshotBytes => _contents.Length;

    /// <inheritdoc/>
    public bool HasUnflushed { get; private set; }

    /// <summary>The contents of the latest snapshot.</summary>
    public ReadOnlyMemory<byte> SnapshotContents => _contents;

    /// <summary>Opens what is in <paramref name="folder"/> (<c>raft/</c>), or founds a member there. What it answers with is
    /// durable.</summary>
    public static async ValueTask<FileRaftStorage> OpenAsync(IDisk disk, string folder, Membership founders)
    {
        var storage = new FileRaftStorage(disk, folder, founders);
        await storage.RecoverAsync();
        return storage;
    }

    /// <inheritdoc/>
    public RaftEntry EntryAt(long index) => _entries[(int)(index - BaseIndex - 1)];

    /// <inheritdoc/>
    public int ReadSnapshot(long offset, Span<byte> buffer)
    {
        var count = (int)Math.Min(buffer.Length, _contents.Length - offset);
        _contents.AsSpan((int)offset, count).CopyTo(buffer);
        return count;
    }

    /// <inheritdoc/>
    public void Write(RaftReady ready)
    {
        foreach (var chunk in ready.Chunks)
            Take(chunk);
        // The term before entries of it, and the commit index behind the entries it speaks of: a write may be torn between any two records.
        if (ready.HardState is { } changed && (changed.Term, changed.Vote) != (HardState.Term, HardState.Vote))
            RaftRecord.Put(_unflushed, RaftRecord.Hard, changed.Term, changed.Vote, HardState.Commit);
        foreach (var entry in ready.Entries)
        {
            Put(entry);
            RaftRecord.Put(_unflushed, entry);
        }
        if (ready.HardState is { } hard)
        {
            HardState = hard;
            RaftRecord.Put(_unflushed, RaftRecord.Hard, hard.Term, hard.Vote, hard.Commit);
        }
        _lastWrite = Math.Max(_lastWrite, ready.Write);
        HasUnflushed |= ready.MustSync || ready.HardState is not null;
    }

    /// <inheritdoc/>
    public async ValueTask<long> FlushAsync()
    {
        var (bytes, write, installing) = (_unflushed, _lastWrite, _installing);
        _unflushed = new ArrayBufferWriter<byte>();
        _installing = null;
        HasUnflushed = false;
        if (installing is { } snapshot)
            await _snapshots.SaveAsync(snapshot.Meta, snapshot.Contents);
        _log.Append(bytes.WrittenSpan);
        await _log.SyncAsync();
        return write;
    }

    /// <inheritdoc/>
    public async ValueTask SaveSnapshotAsync(SnapshotMeta meta, ReadOnlyMemory<byte> contents)
    {
        await _snapshots.SaveAsync(meta, contents);
        if (meta.Index > Snapshot.Index)
            (Snapshot, _contents) = (meta, contents.ToArray());
    }

    /// <inheritdoc/>
    public async ValueTask CompactAsync(long index)
    {
        if (index <= BaseIndex)
            return;
        Invariant.Check(index <= Snapshot.Index);
        BaseTerm = EntryAt(index).Term;
        _entries.RemoveRange(0, (int)(index - BaseIndex));
        BaseIndex = index;
        await RewriteAsync();
    }

    /// <summary>Closes the files.</summary>
    public ValueTask CloseAsync()
    {
        _log.Dispose();
        return ValueTask.CompletedTask;
    }

    // What was not flushed yet is in the new file, and must not be written again behind it: cut short by a crash, older entries would
    // stand there under a newer commit index. The next flush still reports it.
    private async ValueTask RewriteAsync()
    {
        _unflushed = new ArrayBufferWriter<byte>();
        var bytes = new ArrayBufferWriter<byte>();
        RaftRecord.Put(bytes, RaftRecord.Base, BaseIndex, BaseTerm, 0);
        _entries.ForEach(e => RaftRecord.Put(bytes, e));
        RaftRecord.Put(bytes, RaftRecord.Hard, HardState.Term, HardState.Vote, HardState.Commit);
        var file = _disk.Open(_folder + "log.new", DiskOpen.Truncate);
        file.Append(bytes.WrittenSpan);
        await file.SyncAsync();
        _disk.Rename(_folder + "log.new", _folder + "log");
        await _disk.SyncNamesAsync();
        _log?.Dispose();
        _log = file;
    }

    private async ValueTask RecoverAsync()
    {
        if (_snapshots.Load() is { } snapshot)
            (Snapshot, _contents) = snapshot;
        using (var file = _disk.Open(_folder + "log", DiskOpen.OrCreate))
        {
            var bytes = new byte[file.Length];
            file.Read(0, bytes);
            Replay(bytes);
        }
        // A snapshot that the log does not reach, or contradicts, was to take its place (paper 7).
        if (Snapshot.Index > LastIndex || (Snapshot.Index > BaseIndex && EntryAt(Snapshot.Index).Term != Snapshot.Term))
            Begin(Snapshot.Index, Snapshot.Term);
        Invariant.Check(BaseIndex <= Snapshot.Index, "the log needs a snapshot that is not there");
        if (HardState.Term < Snapshot.Term)
            HardState = new HardState(Snapshot.Term, 0, HardState.Commit);
        // A new file: no torn tail, and all of it synced, whoever wrote it.
        await RewriteAsync();
    }

    private void Replay(ReadOnlySpan<byte> bytes)
    {
        Span<long> numbers = stackalloc long[3];
        while (RaftRecord.TryTake(ref bytes, out var kind, numbers, out var data))
        {
            if (kind == RaftRecord.Entry)
                Put(new RaftEntry(numbers[0], numbers[1], (EntryKind)numbers[2], data));
            else if (kind == RaftRecord.Hard)
                HardState = new HardState(numbers[0], numbers[1], numbers[2]);
            else
                Begin(numbers[0], numbers[1]);
        }
    }

    private void Begin(long index, long term)
    {
        _entries.Clear();
        (BaseIndex, BaseTerm) = (index, term);
    }

    private void Put(RaftEntry entry)
    {
        if (entry.Index <= BaseIndex)
            return;
        Invariant.Check(entry.Index <= LastIndex + 1, "the log has no gaps");
        _entries.RemoveRange((int)(entry.Index - BaseIndex - 1), (int)(LastIndex - entry.Index + 1));
        _entries.Add(entry);
    }

    private void Take(SnapshotChunk chunk)
    {
        if (chunk.Offset == 0)
            _incoming.ResetWrittenCount();
        Invariant.Check(chunk.Offset == _incoming.WrittenCount);
        _incoming.Write(chunk.Data.Span);
        if (!chunk.IsLast)
            return;
        (Snapshot, _contents) = (chunk.Meta, _incoming.WrittenSpan.ToArray());
        _installing = (Snapshot, _contents);
        Begin(chunk.Meta.Index, chunk.Meta.Term);
        RaftRecord.Put(_unflushed, RaftRecord.Base, BaseIndex, BaseTerm, 0);
    }
}
