using System.Buffers;
using System.Buffers.Binary;
using Microcosm.Runtime;
using Microcosm.Storage;

namespace Microcosm.Consensus;

/// <summary>
/// A member's storage on the node's disk: a <see cref="SegmentedLog"/> whose records are the entries, a <see cref="StateFile"/> with term
/// and vote, and the latest snapshot. The last entries are in memory too. Invariants: term and vote are durable before entries of that
/// term are written; a snapshot is durable before the log begins behind it; the log is changed by flushes and compactions only, one at a
/// time. The commit index is noted with entries, so it costs no sync and may lag behind.
/// </summary>
internal sealed class FileRaftStorage : IRaftStorage
{
    private const long CacheBytesDefault = 4 << 20;

    private readonly RaftSnapshotFiles _snapshots;
    private readonly StateFile _state;
    private readonly SegmentedLog _log;
    private readonly LogReader _reader;
    private readonly EntryCache _cache;
    private readonly ArrayBufferWriter<byte> _incoming = new();
    private (SnapshotMeta Meta, byte[] Contents)? _installing;
    private byte[] _contents = [];
    private (long Term, long Vote) _stateWritten;

    // From here on the log is not what the view shows.
    private long _unflushed;

    // Up to here the log object has the entries that the view shows.
    private long _logged;
    private long _lastWrite;

    private FileRaftStorage(RaftSnapshotFiles snapshots, StateFile state, SegmentedLog log, Membership founders, long cacheBytes)
    {
        (_snapshots, _state, _log) = (snapshots, state, log);
        _reader = log.ReadFrom(log.First);
        _cache = new EntryCache(cacheBytes);
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
    public long LastIndex => _cache.Last;

    /// <inheritdoc/>
    public long SnapshotBytes => _contents.Length;

    /// <inheritdoc/>
    public bool HasUnflushed { get; private set; }

    /// <summary>The contents of the latest snapshot.</summary>
    public ReadOnlyMemory<byte> SnapshotContents => _contents;

    /// <summary>Opens what is in <paramref name="folder"/> (<c>raft/</c>), or founds a member there. What it answers with is durable.
    /// Throws <see cref="DamagedFileException"/> when the disk lost what it had synced.</summary>
    /// <param name="log">Sizes of the log; records need room for an entry and 18 bytes.</param>
    /// <param name="cacheBytes">Entries kept in memory, in bytes; half as many again may gather.</param>
    public static async ValueTask<FileRaftStorage> OpenAsync(
        IDisk disk, string folder, Membership founders, LogOptions? log = null, long cacheBytes = CacheBytesDefault)
    {
        var state = await StateFile.OpenAsync(disk, folder + "state");
        var snapshots = new RaftSnapshotFiles(disk, folder);
        var storage = new FileRaftStorage(snapshots, state, await SegmentedLog.OpenAsync(disk, folder + "log", log), founders, cacheBytes);
        await storage.RecoverAsync();
        return storage;
    }

    /// <inheritdoc/>
    public RaftEntry EntryAt(long index)
    {
        Invariant.Check(index > BaseIndex && index <= LastIndex);
        return index >= _cache.First ? _cache[index] : ReadLog(index).Entry;
    }

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
        foreach (var entry in ready.Entries)
        {
            Invariant.Check(entry.Index > BaseIndex);
            _unflushed = Math.Min(_unflushed, entry.Index);
            _logged = Math.Min(_logged, entry.Index - 1);
            _cache.Put(entry);
        }
        _cache.Trim(_logged);
        HardState = ready.HardState ?? HardState;
        _lastWrite = Math.Max(_lastWrite, ready.Write);
        HasUnflushed |= ready.MustSync;
    }

    /// <inheritdoc/>
    public async ValueTask<long> FlushAsync()
    {
        // What comes during the waits is for the next flush.
        var (from, write, hard, installing) = (_unflushed, _lastWrite, HardState, _installing);
        var entries = _cache.From(from);
        var last = LastIndex;
        _unflushed = last + 1;
        _installing = null;
        HasUnflushed = false;
        if (_stateWritten != (hard.Term, hard.Vote))
            await SaveStateAsync(hard);
        if (installing is { } snapshot)
        {
            await _snapshots.SaveAsync(snapshot.Meta, snapshot.Contents);
            BeginLog(snapshot.Meta.Index);
        }
        if (from < _log.Next)
            _log.TruncateSuffix(from);
        foreach (var entry in entries)
            Append(entry, hard.Commit);
        _logged = Math.Min(last, _unflushed - 1);
        await _log.CommitAsync();
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
        (BaseTerm, BaseIndex) = (EntryAt(index).Term, index);
        // That entry stays, since it knows its term.
        Invariant.Check(index < _log.Next);
        _log.TruncatePrefix(index);
        await _log.CommitAsync();
    }

    /// <summary>Closes the files, after a flush and while none is under way, so that later damage is told from a torn tail.</summary>
    public async ValueTask CloseAsync()
    {
        await _log.CloseAsync();
        _state.Dispose();
    }

    private async ValueTask RecoverAsync()
    {
        if (_snapshots.Load() is { } snapshot)
            (Snapshot, _contents) = snapshot;
        Invariant.Check(_log.First <= Snapshot.Index + 1, "the log needs a snapshot that is not there");
        // A snapshot that the log does not reach, or contradicts, was to take its place (paper 7).
        var isReached = Snapshot.Index < _log.Next;
        if (!isReached || (Snapshot.Index >= _log.First && ReadLog(Snapshot.Index).Entry.Term != Snapshot.Term))
        {
            BeginLog(Snapshot.Index);
            await _log.CommitAsync();
        }
        (BaseIndex, BaseTerm) = _log.First > Snapshot.Index
            ? (Snapshot.Index, Snapshot.Term) : (_log.First, ReadLog(_log.First).Entry.Term);
        _cache.Reset(_log.Next - 1);
        (_unflushed, _logged) = (_log.Next, _log.Next - 1);
        if (_state.HasValue)
        {
            var value = _state.Value;
            _stateWritten = (BinaryPrimitives.ReadInt64LittleEndian(value), BinaryPrimitives.ReadInt64LittleEndian(value[8..]));
        }
        // Behind the last entry the commit index may not be; what it says of entries that a crash took is still true of the others.
        var commit = _log.Next > _log.First ? Math.Min(ReadLog(LastIndex).Commit, LastIndex) : 0;
        HardState = new HardState(_stateWritten.Term, _stateWritten.Vote, Math.Max(commit, Snapshot.Index));
        if (HardState.Term < Snapshot.Term)
            HardState = HardState with { Term = Snapshot.Term, Vote = 0 };
    }

    // Empties the log, on the disk with the next commit; it goes on behind a snapshot.
    private void BeginLog(long index)
    {
        _log.TruncateSuffix(_log.First);
        _log.TruncatePrefix(index + 1);
    }

    private void Append(RaftEntry entry, long commit)
    {
        Span<byte> head = stackalloc byte[EntryRecord.HeadBytes];
        EntryRecord.PutHead(head, entry, commit);
        Invariant.Check(_log.Append(head, entry.Data.Span) == entry.Index, "a record's number is its entry's index");
    }

    private (RaftEntry Entry, long Commit) ReadLog(long index)
    {
        _reader.Position = index;
        Invariant.Check(_reader.TryRead(out var record));
        return EntryRecord.Read(index, record);
    }

    private async ValueTask SaveStateAsync(HardState hard)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, hard.Term);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), hard.Vote);
        await _state.SaveAsync(bytes);
        _stateWritten = (hard.Term, hard.Vote);
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
        (BaseIndex, BaseTerm) = (chunk.Meta.Index, chunk.Meta.Term);
        _cache.Reset(BaseIndex);
        (_unflushed, _logged) = (BaseIndex + 1, BaseIndex);
    }
}
