using System.Buffers.Text;
using Microcosm.Runtime;

namespace Microcosm.Redis;

/// <summary>
/// The append-only file: commands are collected during a turn, written once when it ends, and synced by policy. Under <c>always</c> a
/// turn's replies wait for a sync that began after its writes; turns that come meanwhile share the next sync (group commit). A turn that
/// only
/// reads waits too while something it may have seen is not synced.
/// Invariants: synced ≤ written; replies of turn n leave only when synced ≥ what was written at the end of turn n.
/// </summary>
internal sealed class AppendOnlyFile(RedisServer server, IDisk disk) : ICommandLog
{
    private readonly OutputBuffer _turn = new();
    private readonly Queue<(long Position, TaskCompletionSource Done)> _waiting = new();
    private IDiskFile? _file;
    private int _selected = -1;
    private long _written;
    private long _synced;
    private bool _isSyncing;

    private string Folder => server.Options.AppendDirName + "/";

    private string ManifestPath => $"{Folder}{server.Options.AppendFilename}.manifest";

    /// <summary>Loads what there is, then begins a new increment if there is none.</summary>
    public async ValueTask OpenAsync()
    {
        var manifest = AofManifest.Load(disk, ManifestPath);
        var loader = new AofLoader(server, disk);
        if (manifest.Base is { } name)
            loader.Load(Folder + name, isLast: manifest.Increments.Count == 0);
        for (var i = 0; i < manifest.Increments.Count; i++)
            loader.Load(Folder + manifest.Increments[i].Name, isLast: i == manifest.Increments.Count - 1);
        if (manifest.Increments.Count == 0)
        {
            manifest.Increments.Add(($"{server.Options.AppendFilename}.1.incr.aof", 1));
            _file = disk.Open(Folder + manifest.Increments[^1].Name, DiskOpen.OrCreate);
            await _file.SyncAsync();
            await disk.SyncNamesAsync();
            await manifest.SaveAsync(disk, ManifestPath);
        }
        else
        {
            _file = disk.Open(Folder + manifest.Increments[^1].Name, DiskOpen.Existing);
        }
        _selected = -1;
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
    /// Ends a turn: writes what was appended. The replies of this turn may leave when the returned task completes: at once, or after the
    /// sync under <c>appendfsync always</c>.
    /// </summary>
    public ValueTask CommitAsync()
    {
        var before = _written;
        while (_turn.Length > 0)
        {
            var front = _turn.Front(long.MaxValue);
            _file!.Append(front.Span);
            _written += front.Length;
            _turn.Consume(front.Length);
        }
        var wroteNothing = _written == before;
        if (server.Options.AppendFsync != AppendFsync.Always || _synced >= _written
            || (wroteNothing && Bug.IsPlanted("redis/dirty-read")))
            return ValueTask.CompletedTask;
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Enqueue((_written, done));
        if (!_isSyncing)
            _ = SyncAsync();
        return Bug.IsPlanted("redis/acknowledged-before-sync") ? ValueTask.CompletedTask : new ValueTask(done.Task);
    }

    /// <summary>Syncs what is written: once a second under <c>everysec</c>, and at the end.</summary>
    public async ValueTask FlushAsync()
    {
        await CommitAsync();
        if (_file is null || _synced >= _written)
            return;
        var target = _written;
        await _file.SyncAsync();
        _synced = Math.Max(_synced, target);
    }

    /// <summary>For the Inside page.</summary>
    public AppendOnlyFileInside Inside() => new(_written, _synced, _waiting.Count);

    // One sync at a time; each covers all that was written when it began.
    private async Task SyncAsync()
    {
        _isSyncing = true;
        while (_synced < _written)
        {
            var target = _written;
            await _file!.SyncAsync();
            _synced = Bug.IsPlanted("redis/sync-covers-later-writes") ? _written : target;
            while (_waiting.TryPeek(out var next) && next.Position <= _synced)
            {
                _waiting.Dequeue();
                next.Done.SetResult();
            }
        }
        _isSyncing = false;
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
