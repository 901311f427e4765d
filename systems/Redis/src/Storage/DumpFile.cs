using Microcosm.Runtime;

namespace Microcosm.Redis;

/// <summary>
/// The RDB file (<c>dbfilename</c>) as it is written, at once or in slices: beside its place, synced, then renamed, so that there is
/// always a whole one.
/// </summary>
internal sealed class DumpFile(RedisServer server, IDisk disk)
{
    private int _temporaries;

    public PersistenceStatus Status { get; } = new();

    /// <summary>Takes the keys now; completes when they are in their place.</summary>
    public async ValueTask SaveAtOnceAsync()
    {
        var sink = new RdbSink(server.Options);
        Status.LastTryMs = server.NowMs;
        Snapshot.GiveAtOnce(server, sink, isAofBase: false);
        var saved = server.Propagation.Dirty;
        await WriteAsync(sink.Pending.ToArray());
        Saved(saved);
    }

    /// <summary>Takes the keys as they are now, giving the server its turns in between.</summary>
    public async Task SaveSlowlyAsync(CancellationToken cancellation)
    {
        var sink = new RdbSink(server.Options);
        using var snapshot = new Snapshot(server, sink, isAofBase: false);
        var saved = server.Propagation.Dirty;
        using var file = new SnapshotFile(disk, sink, "temp-bgsave.rdb", server.Options);
        await file.WriteAsync(snapshot, cancellation);
        await file.CommitAsync(server.Options.DbFilename);
        Saved(saved);
    }

    /// <summary>Puts a whole RDB file into its place.</summary>
    public async ValueTask WriteAsync(byte[] bytes)
    {
        var temporary = $"temp-{++_temporaries}.rdb";
        try
        {
            using (var file = disk.Open(temporary, DiskOpen.Truncate))
            {
                file.Append(bytes);
                await file.SyncAsync();
            }
            disk.Rename(temporary, server.Options.DbFilename);
            await disk.SyncNamesAsync();
        }
        catch (IOException)
        {
            Remove(temporary);
            throw;
        }
    }

    // Where that fails the next save empties the file.
    private void Remove(string temporary)
    {
        try
        {
            disk.Delete(temporary);
        }
        catch (IOException)
        {
        }
    }

    private void Saved(long changes)
    {
        Status.LastSaveMs = server.NowMs;
        Status.LastSaveFailed = false;
        Status.Saves++;
        server.Propagation.Dirty -= changes;
    }
}
