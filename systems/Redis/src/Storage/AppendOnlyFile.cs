using System.Buffers.Text;
using Microcosm.Runtime;

namespace Microcosm.Redis;

/// <summary>
/// The append-only file: commands are collected during a turn, written once when it ends, and synced by policy. Under <c>always</c> a
/// turn's replies wait for a sync that began after its writes; turns that come meanwhile share the next sync (group commit). A turn that
/// only reads waits too while something it may have seen is not synced.
/// Invariants: synced ≤ written ≤ committed; replies of turn n leave only when synced ≥ what was committed at the end of turn n.
/// </summary>
internal sealed class AppendOnlyFile(RedisServer server, IDisk disk, PersistenceStatus status) : ICommandLog
{
    private readonly OutputBuffer _turn = new();
    private readonly AofErrors _errors = new(server, status);
    private readonly Queue<(long Position, TaskCompletionSource Done)> _waiting = new();
    private AofManifest _manifest = new();
    private IDiskFile? _file;
    private IDiskFile? _next;
    private long _otherBytes;
    private int _selected = -1;
    private long _written;
    private long _synced;
    // Written or still in the turn's buffer: what replies up to now wait for.
    private long _committed;
    private bool _isSyncing;

    /// <summary>Folder of all its files, with the slash.</summary>
    public string Folder => server.Options.AppendDirName + "/";

    /// <summary>Bytes of the base and all increments.</summary>
    public long Bytes => _otherBytes + (_file?.Length ?? 0);

    /// <summary>True when the manifest is on the disk: the next start loads from this file.</summary>
    public bool IsNamed { get; private set; }

    /// <summary>True if there is a manifest, be it written to or not.</summary>
    public bool IsOnDisk => disk.Exists(ManifestPath);

    private string ManifestPath => $"{Folder}{server.Options.AppendFilename}.manifest";

    /// <summary>Loads what there is, then begins a new increment if there is none.</summary>
    public async ValueTask OpenAsync()
    {
        LoadAgain();
        if (_manifest.Increments.Count == 0)
        {
            await PrepareAsync();
            Switch();
            await _manifest.SaveAsync(disk, ManifestPath);
            IsNamed = true;
            return;
        }
        IsNamed = true;
        if (_manifest.History.Count > 0)
            await DeleteHistoryAsync();
        _file = disk.Open(Folder + _manifest.Increments[^1].Name, DiskOpen.Existing);
        _otherBytes = LengthOf(_manifest.Base) + _manifest.Increments.SkipLast(1).Sum(i => LengthOf(i.Name));
    }

    /// <summary>Reads all files into the server. Throws <see cref="InvalidDataException"/> with Redis' words when one is damaged.</summary>
    public void LoadAgain()
    {
        WriteTurn();
        _manifest = AofManifest.Load(disk, ManifestPath);
        var loader = new AofLoader(server, disk);
        if (_manifest.Base is { } name)
            loader.Load(Folder + name, isLast: _manifest.Increments.Count == 0);
        // An increment is written only after the one before it was synced (Switch): before empty ones a tail may be cut off.
        var last = _manifest.Increments.FindLastIndex(i => LengthOf(i.Name) > 0);
        for (var i = 0; i < _manifest.Increments.Count; i++)
            loader.Load(Folder + _manifest.Increments[i].Name, isLast: i >= last);
    }

    /// <summary>
    /// Makes the next increment's file. While the log is on the manifest names it at once, behind the present one: whenever the machine
    /// stops, what is in it is found.
    /// </summary>
    public async ValueTask PrepareAsync()
    {
        // That of a rewrite that failed before it was used.
        if (_next is not null)
            return;
        if (_file is null)
            _manifest = AofManifest.Load(disk, ManifestPath);
        var manifest = _manifest.Copy();
        var sequence = manifest.Increments.Count == 0 ? 1 : manifest.Increments[^1].Sequence + 1;
        var name = $"{server.Options.AppendFilename}.{sequence}.incr.aof";
        var next = disk.Open(Folder + name, DiskOpen.Truncate);
        try
        {
            await next.SyncAsync();
            await disk.SyncNamesAsync();
            manifest.Increments.Add((name, sequence));
            if (IsNamed)
                await manifest.SaveAsync(disk, ManifestPath);
        }
        catch (IOException)
        {
            next.Dispose();
            throw;
        }
        (_manifest, _next) = (manifest, next);
    }

    /// <summary>
    /// Appends to the prepared increment from now on. What the present one holds is synced first, at once. Throws where that fails, and
    /// nothing has changed then: what is owed to the present one must not come after what the snapshot holds of it.
    /// </summary>
    public void Switch()
    {
        WriteTurn();
        if (_turn.Length > 0)
            throw new IOException($"Errors writing to the AOF file: {status.AofWriteError}");
        if (_file is not null)
        {
            SyncAtOnce(_file);
            _synced = _written;
            ReleaseSynced();
            _otherBytes += _file.Length;
            _file.Dispose();
        }
        (_file, _next) = (_next!, null);
        _selected = -1;
    }

    /// <summary>Makes a snapshot the base of the present increment, and removes what both replace.</summary>
    public async ValueTask CommitAsync(SnapshotFile snapshot, bool isRdb)
    {
        var bytes = snapshot.Length;
        // Whatever fails below, the manifest that stands names the files that are still needed.
        var manifest = _manifest.Copy();
        if (manifest.Base is { } replaced)
            manifest.History.Add((replaced, manifest.BaseSequence));
        manifest.History.AddRange(manifest.Increments.SkipLast(1));
        var sequence = manifest.BaseSequence + 1;
        var name = $"{server.Options.AppendFilename}.{sequence}.base.{(isRdb ? "rdb" : "aof")}";
        await snapshot.CommitAsync(Folder + name);
        (manifest.Base, manifest.BaseSequence) = (name, sequence);
        manifest.Increments.RemoveRange(0, manifest.Increments.Count - 1);
        await manifest.SaveAsync(disk, ManifestPath);
        (_manifest, IsNamed) = (manifest, true);
        _otherBytes = bytes;
        await DeleteHistoryAsync();
    }

    public void Append(int db, ReadOnlySpan<byte> bytes, ReadOnlySpan<ArgSlice> slices)
    {
        if (db != _selected)
        {
            var number = RedisNumber.ToBytes(db);
            Encode([.. "SELECT"u8, .. number], [new ArgSlice(0, 6), new ArgSlice(6, number.Length)]);
            _selected = db;
        }
        Encode(bytes, slices);
    }

    /// <summary>
    /// Ends a turn: writes what was appended, under <c>appendfsync always</c> when the sync that is under way has ended. The replies of
    /// this turn may leave when the returned task completes: at once, or after the sync under <c>always</c>.
    /// </summary>
    public ValueTask CommitAsync()
    {
        // Under always nothing is written behind a sync's back: were that to fail, a hole would be left in the middle of the file.
        if (!_isSyncing)
            WriteTurn();
        var isNothingNew = _written + _turn.Length == _committed;
        _committed = _written + _turn.Length;
        if (server.Options.AppendFsync != AppendFsync.Always || _synced >= _committed
            || (isNothingNew && Bug.IsPlanted("redis/dirty-read")))
            return ValueTask.CompletedTask;
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Enqueue((_committed, done));
        if (!_isSyncing)
            SyncAll();
        return Bug.IsPlanted("redis/acknowledged-before-sync") ? ValueTask.CompletedTask : new ValueTask(done.Task);
    }

    /// <summary>Syncs what is written: once a second under <c>everysec</c>, and at the end.</summary>
    public async ValueTask FlushAsync()
    {
        await CommitAsync();
        if (_file is null || _synced >= _written)
            return;
        var target = _written;
        try
        {
            await _file.SyncAsync();
            status.AofSyncError = null;
        }
        catch (IOException e)
        {
            _errors.SyncFailed(e);
        }
        // As Redis has it, a failed sync is not asked for again before there is more to sync.
        _synced = Math.Max(_synced, target);
    }

    /// <summary>For the Inside page.</summary>
    public AppendOnlyFileInside Inside() => new(_written, _synced, _waiting.Count);

    // One sync at a time; each covers all that was written when it began.
    private async void SyncAll()
    {
        _isSyncing = true;
        while (_synced < _committed)
        {
            WriteTurn();
            // The policy has changed meanwhile, and the disk does not take it.
            if (_turn.Length > 0)
                _synced = _committed;
            var target = _written;
            await SyncOnceAsync();
            _synced = Math.Max(_synced, Bug.IsPlanted("redis/sync-covers-later-writes") ? _committed : target);
            ReleaseSynced();
        }
        _isSyncing = false;
    }

    private async ValueTask SyncOnceAsync()
    {
        try
        {
            await _file!.SyncAsync();
        }
        catch (IOException) when (Bug.IsPlanted("redis/failed-sync-ignored"))
        {
        }
        catch (IOException) when (Bug.IsPlanted("redis/failed-sync-tried-again"))
        {
            await _file!.SyncAsync();
        }
        catch (IOException e)
        {
            _errors.SyncFailed(e);
        }
    }

    private void SyncAtOnce(IDiskFile file)
    {
        try
        {
            file.Sync();
        }
        catch (IOException e)
        {
            _errors.SyncFailed(e);
            throw;
        }
    }

    private void ReleaseSynced()
    {
        while (_waiting.TryPeek(out var next) && next.Position <= _synced)
        {
            _waiting.Dequeue();
            next.Done.SetResult();
        }
    }

    // What cannot be written stays, and is tried again when the next turn ends, at the latest in a second.
    private void WriteTurn()
    {
        while (_turn.Length > 0)
        {
            var front = _turn.Front(long.MaxValue);
            var (before, written) = (_file!.Length, (long)front.Length);
            try
            {
                _file.Append(front.Span);
            }
            catch (IOException e)
            {
                written = _errors.WriteFailed(e, _file, before, _turn.Length);
            }
            _written += written;
            _turn.Consume(written);
            if (written < front.Length)
                return;
        }
        _errors.Written();
    }

    // The manifest forgets them last: what a crash leaves is deleted at the next start.
    private async ValueTask DeleteHistoryAsync()
    {
        foreach (var (name, _) in _manifest.History.Where(h => disk.Exists(Folder + h.Name)))
            disk.Delete(Folder + name);
        _manifest.History.Clear();
        await _manifest.SaveAsync(disk, ManifestPath);
    }

    private long LengthOf(string? name)
    {
        if (name is null)
            return 0;
        using var file = AofLoader.Open(disk, Folder + name);
        return file.Length;
    }

    private void Encode(ReadOnlySpan<byte> bytes, ReadOnlySpan<ArgSlice> slices)
    {
        Header((byte)'*', slices.Length);
        foreach (var slice in slices)
        {
            Header((byte)'$', slice.Length);
            _turn.Write(bytes.Slice(slice.Start, slice.Length));
            _turn.Write("\r\n"u8);
        }
    }

    private void Header(byte kind, int number)
    {
        var room = _turn.GetSpan(16);
        room[0] = kind;
        Utf8Formatter.TryFormat(number, room[1..], out var n);
        room[n + 1] = (byte)'\r';
        room[n + 2] = (byte)'\n';
        _turn.Advance(n + 3);
    }
}
