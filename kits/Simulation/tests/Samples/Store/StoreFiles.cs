using System.Globalization;
using Microcosm.Runtime;

namespace Microcosm.Simulation.Tests.Samples.Store;

/// <summary>
/// What the store keeps: for the newest generation N a snapshot (none for 0) and the log since. A snapshot gets its name only when
/// its bytes are safe, and the old generation goes only when the new names are safe.
/// </summary>
internal sealed class StoreFiles(NodeContext context)
{
    private const string Unfinished = "next";

    private IDisk Disk => context.Disk;

    private int _generation;
    private IDiskFile? _walFile;

    /// <summary>Opens the newest generation and replays it.</summary>
    public async ValueTask<WriteAheadLog> RecoverAsync(Action<string> replay)
    {
        _generation = Disk.List("snapshot-").Select(p => int.Parse(p.AsSpan(9), CultureInfo.InvariantCulture)).DefaultIfEmpty(0).Max();
        if (_generation > 0)
        {
            using var snapshot = new WriteAheadLog(context.Executor, Disk.Open(SnapshotPath(_generation), DiskOpen.Existing));
            snapshot.Recover(replay);
        }
        _walFile = Disk.Open(WalPath(_generation), DiskOpen.OrCreate);
        var wal = new WriteAheadLog(context.Executor, _walFile);
        wal.Recover(replay);
        DropOtherGenerations();
        await SyncNamesAsync();
        return wal;
    }

    /// <summary>Writes <paramref name="records"/> as the next generation and returns its empty log. Nothing may be written
    /// meanwhile.</summary>
    public async ValueTask<WriteAheadLog> CompactAsync(IEnumerable<string> records)
    {
        var file = Disk.Open(Unfinished, DiskOpen.Truncate);
        var snapshot = new WriteAheadLog(context.Executor, file);
        var written = records.Select(snapshot.Append).ToArray();
        if (!Bug.IsPlanted("store/snapshot-not-synced"))
            await Task.WhenAll(written);
        file.Dispose();

        _generation++;
        _walFile = Disk.Open(WalPath(_generation), DiskOpen.Truncate);
        Disk.Rename(Unfinished, SnapshotPath(_generation));
        await SyncNamesAsync();
        DropOtherGenerations();
        return new WriteAheadLog(context.Executor, _walFile)
        {
            SyncedFile = Bug.IsPlanted("store/sync-of-the-wrong-file") ? Disk.Open(SnapshotPath(_generation), DiskOpen.Existing) : null,
        };
    }

    private ValueTask SyncNamesAsync() => Bug.IsPlanted("store/names-not-synced") ? default : Disk.SyncNamesAsync();

    private void DropOtherGenerations()
    {
        foreach (var path in Disk.List(""))
        {
            if (path != WalPath(_generation) && path != SnapshotPath(_generation))
                Disk.Delete(path);
        }
    }

    private static string SnapshotPath(int generation) => $"snapshot-{generation}";

    private static string WalPath(int generation) => $"wal-{generation}";
}
