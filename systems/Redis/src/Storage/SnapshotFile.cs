using Microcosm.Runtime;

namespace Microcosm.Redis;

/// <summary>
/// A snapshot's file: written beside its place, synced, then put into its place, so that there is always a whole one. Disposed before that
/// it is removed.
/// </summary>
internal sealed class SnapshotFile(IDisk disk, ISnapshotSink sink, string temporary, RedisOptions options) : IDisposable
{
    private readonly IDiskFile _file = disk.Open(temporary, DiskOpen.Truncate);
    private long _synced;
    private bool _isInPlace;

    /// <summary>Bytes of the file so far.</summary>
    public long Length => _file.Length;

    /// <summary>Writes a snapshot to its end, letting the server have its turns in between.</summary>
    public async ValueTask WriteAsync(Snapshot snapshot, CancellationToken cancellation)
    {
        while (snapshot.Advance(options.SnapshotKeys))
        {
            cancellation.ThrowIfCancellationRequested();
            WritePending();
            if (_file.Length - _synced < options.SnapshotSyncBytes)
            {
                await Task.Yield();
                continue;
            }
            _synced = _file.Length;
            await _file.SyncAsync();
        }
        WritePending();
    }

    /// <summary>Writes what the sink holds.</summary>
    public void WritePending()
    {
        _file.Append(sink.Pending);
        sink.Clear();
    }

    /// <summary>Puts the file into its place.</summary>
    public async ValueTask CommitAsync(string path)
    {
        if (!Bug.IsPlanted("redis/base-not-synced"))
            await _file.SyncAsync();
        _file.Dispose();
        disk.Rename(temporary, path);
        _isInPlace = true;
        await disk.SyncNamesAsync();
    }

    public void Dispose()
    {
        _file.Dispose();
        if (_isInPlace)
            return;
        try
        {
            disk.Delete(temporary);
        }
        catch (IOException)
        {
            // What failed before is told; the next snapshot empties the file.
        }
    }
}
