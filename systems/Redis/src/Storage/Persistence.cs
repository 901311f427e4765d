using System.Globalization;
using Microcosm.Runtime;

namespace Microcosm.Redis;

/// <summary>
/// Saving and rewriting in the background, one at a time, and what begins them: commands, save points, the growth of the log.
/// Invariants: a file that is in its place is whole and synced; the append-only file's manifest names only such files.
/// </summary>
internal sealed class Persistence(RedisServer server, IDisk disk) : IPersistence
{
    // After a failed save: how long until save points may try again.
    private const long RetryMs = 5000;

    private readonly DumpFile _dump = new(server, disk);
    private Task _background = Task.CompletedTask;
    private CancellationTokenSource _child = new();
    private bool _isShutDown;

    public PersistenceStatus Status => _dump.Status;

    /// <summary>The append-only file, or null while appendonly is no.</summary>
    public AppendOnlyFile? Log { get; private set; }

    /// <summary>Loads what the disk holds: the append-only file if that is on, else the RDB file.</summary>
    public async ValueTask OpenAsync()
    {
        Status.LastSaveMs = server.NowMs;
        if (server.Options.AppendOnly)
        {
            Log = new AppendOnlyFile(server, disk, Status);
            await Log.OpenAsync();
            server.Propagation.Log = Log;
            Status.AofBaseBytes = Log.Bytes;
        }
        else if (disk.Exists(server.Options.DbFilename))
        {
            new RdbLoader(server).Load(disk, server.Options.DbFilename);
        }
        server.Propagation.Dirty = 0;
        server.ScheduleExpiry();
        server.Options.Changed = OnOptionChanged;
        server.Dispatcher.WriteRefusal = WriteRefusal;
        server.Periodic.Add(OnSecond);
        server.Alarm.Arm(server.NowMs + 1000);
    }

    /// <summary>Ends in order: what runs ends, the log is synced, and the keys are saved if there are save points.</summary>
    public async ValueTask CloseAsync()
    {
        if (_isShutDown)
            return;
        server.Options.Changed = null;
        Status.IsSaveScheduled = Status.IsRewriteScheduled = false;
        await _background;
        if (Log is not null)
            await Log.FlushAsync();
        else if (server.Options.Save.Length > 0)
            await SaveAtTheEndAsync();
    }

    /// <summary>Brings all keys to the disk.</summary>
    public async ValueTask CheckpointAsync()
    {
        await _background;
        if (Log is null)
        {
            await _dump.SaveAtOnceAsync();
            return;
        }
        await Log.FlushAsync();
        if (Status.AofError is { } error)
            throw new IOException(RedisErrors.AofUnwritable(error));
    }

    public void Save(Action<string?> done) => Unattended(ReportAsync(_dump.SaveAtOnceAsync().AsTask(), done));

    public void ShutDown(bool? save, bool force, Action<bool> done) => Unattended(ShutDownAsync(save, force, done));

    public void StartSave()
    {
        Status.IsSaveScheduled = Status.IsRewriting;
        if (Status.IsRewriting)
            return;
        Status.IsSaving = true;
        Status.LastTryMs = server.NowMs;
        _child = new CancellationTokenSource();
        Begin(_dump.SaveSlowlyAsync(_child.Token));
    }

    public void StartRewrite()
    {
        Status.IsRewriteScheduled = Status.IsSaving;
        if (Status.IsSaving)
            return;
        Status.IsRewriting = true;
        _child = new CancellationTokenSource();
        Begin(RewriteAsync());
    }

    public string? Reload(bool save, bool flush, bool merge)
    {
        var sink = new RdbSink(server.Options);
        if (save)
        {
            Snapshot.GiveAtOnce(server, sink, isAofBase: false);
            Unattended(ReportAsync(_dump.WriteAsync(sink.Pending.ToArray()).AsTask(), _ => { }));
        }
        else if (!disk.Exists(server.Options.DbFilename))
        {
            return "ERR Error trying to load the RDB dump";
        }
        if (flush)
            Empty();
        var log = SilenceLog();
        try
        {
            var loader = new RdbLoader(server);
            if (save)
                loader.Load(sink.Pending, merge);
            else
                loader.Load(disk, server.Options.DbFilename, merge);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return "ERR Error trying to load the RDB dump, check server logs.";
        }
        finally
        {
            server.Propagation.Log = log;
        }
        server.ScheduleExpiry();
        return null;
    }

    public string? ReloadAppendOnlyFile()
    {
        // Switched off, there may still be the one that BGREWRITEAOF wrote.
        var file = Log ?? new AppendOnlyFile(server, disk, Status);
        if (!file.IsOnDisk)
            return "ERR Append only file is off";
        Empty();
        var log = SilenceLog();
        file.LoadAgain();
        server.Propagation.Log = log;
        server.Propagation.Dirty = 0;
        server.ScheduleExpiry();
        return null;
    }

    private async Task ShutDownAsync(bool? save, bool force, Action<bool> done)
    {
        if (server.Options.AppendOnly && Log is not { IsNamed: true })
        {
            Warn(force ? "Writing initial AOF. Exit anyway." : "Writing initial AOF, can't exit.");
            if (!force)
            {
                done(false);
                return;
            }
        }
        KillChild();
        await _background;
        if (Log is not null)
        {
            Warn("Calling fsync() on the AOF file.");
            await Log.FlushAsync();
        }
        var isSaved = !(save ?? server.Options.Save.Length > 0) || await TryLastSaveAsync();
        if (!isSaved)
            Warn(force ? "Error trying to save the DB. Exit anyway." : "Error trying to save the DB, can't exit.");
        _isShutDown = isSaved || force;
        done(_isShutDown);
    }

    // What Redis does to its child process.
    private void KillChild()
    {
        if (Status.IsBusy)
            Warn(Status.IsSaving ? "There is a child saving an .rdb. Killing it!" : "There is a child rewriting the AOF. Killing it!");
        Status.IsSaveScheduled = Status.IsRewriteScheduled = false;
        _child.Cancel();
    }

    private async Task<bool> TryLastSaveAsync()
    {
        Warn("Saving the final RDB snapshot before exiting.");
        try
        {
            await _dump.SaveAtOnceAsync();
            return true;
        }
        catch (IOException e)
        {
            Warn($"Write error saving DB on disk: {DiskError.TextOf(e)}");
            return false;
        }
    }

    // What is loaded again is in the log already.
    private ICommandLog? SilenceLog()
    {
        var log = server.Propagation.Log;
        server.Propagation.Log = null;
        return log;
    }

    private void Empty()
    {
        foreach (var db in server.Databases)
            db.Clear();
    }

    // A world ends whether the disk takes the keys or not; Redis would go on serving.
    private async ValueTask SaveAtTheEndAsync()
    {
        if (!await TryLastSaveAsync())
            Warn("Error trying to save the DB. Exit anyway.");
    }

    // A new increment takes what happens from here on; what was before becomes the base; then the manifest names the two.
    private async Task RewriteAsync()
    {
        var log = Log ?? new AppendOnlyFile(server, disk, Status);
        var sink = server.Options.AofUseRdbPreamble ? (ISnapshotSink)new RdbSink(server.Options) : new RespSink();
        await log.PrepareAsync();
        // From here to the first await is one turn: the snapshot is what stands before the new increment.
        log.Switch();
        if (Log is null && server.Options.AppendOnly)
            server.Propagation.Log = Log = log;
        using (var snapshot = new Snapshot(server, sink, isAofBase: true))
        {
            using var file = new SnapshotFile(disk, sink, $"{log.Folder}temp-rewriteaof-bg.aof", server.Options);
            await file.WriteAsync(snapshot, _child.Token);
            await log.CommitAsync(file, isRdb: sink is RdbSink);
        }
        Status.Rewrites++;
        Status.AofBaseBytes = log.Bytes;
    }

    private void Begin(Task work)
    {
        _background = RunAsync(work);
        Unattended(_background);
    }

    // What fails here and is not handled is a bug: it reaches the executor, and ends the node.
    private static async void Unattended(Task work) => await work;

    // Whatever happens, the server goes on: a failed save is told by INFO, the log and, under save points, refused writes.
    private async Task RunAsync(Task work)
    {
        var wasSave = Status.IsSaving;
        try
        {
            await work;
            if (!wasSave)
                Status.LastRewriteFailed = false;
        }
        catch (IOException e) when (e is not ExitException)
        {
            Warn($"Write error {(wasSave ? "saving DB" : "writing append only file")} on disk: {DiskError.TextOf(e)}");
            Warn(wasSave ? "Background saving error" : "Background AOF rewrite terminated with error");
            if (wasSave)
                Status.LastSaveFailed = true;
            else
                Status.LastRewriteFailed = true;
        }
        catch (OperationCanceledException) when (_child.IsCancellationRequested)
        {
            // SHUTDOWN has told why; what was there before stands.
        }
        Status.IsSaving = Status.IsRewriting = false;
        if (Status.IsRewriteScheduled)
            StartRewrite();
        else if (Status.IsSaveScheduled)
            StartSave();
    }

    private async Task ReportAsync(Task work, Action<string?> done)
    {
        try
        {
            await work;
            done(null);
        }
        catch (IOException e)
        {
            // SAVE answers for itself; only a failed BGSAVE refuses writes (rdb.c).
            Warn($"Write error saving DB on disk: {DiskError.TextOf(e)}");
            done("ERR");
        }
    }

    private void OnOptionChanged(string name)
    {
        if (name != "appendonly" || server.Options.AppendOnly == Log is not null)
            return;
        if (server.Options.AppendOnly)
        {
            StartRewrite();
            return;
        }
        Unattended(Log!.FlushAsync().AsTask());
        server.Propagation.Log = null;
        Log = null;
        Status.AofWriteError = Status.AofSyncError = null;
    }

    private long OnSecond(long now)
    {
        if (Log is not null && server.Options.AppendFsync == AppendFsync.EverySec)
            Unattended(Log.FlushAsync().AsTask());
        if (!Status.IsBusy && !server.Exit.IsUnderWay)
            BeginWhatIsDue(now);
        return now + 1000;
    }

    private void BeginWhatIsDue(long now)
    {
        var options = server.Options;
        var words = options.Save.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i + 1 < words.Length; i += 2)
        {
            if (server.Propagation.Dirty >= long.Parse(words[i + 1], CultureInfo.InvariantCulture)
                && now - Status.LastSaveMs > long.Parse(words[i], CultureInfo.InvariantCulture) * 1000
                && (!Status.LastSaveFailed || now - Status.LastTryMs > RetryMs))
            {
                StartSave();
                return;
            }
        }
        // Switched on, and the first rewrite failed: the file that is to be is not one yet.
        if (options.AppendOnly && Log is not { IsNamed: true })
            StartRewrite();
        else if (Log is { } log && options.AutoAofRewritePercentage > 0 && log.Bytes >= options.AutoAofRewriteMinSize
            && log.Bytes - Status.AofBaseBytes >= Math.Max(1, Status.AofBaseBytes) * options.AutoAofRewritePercentage / 100)
            StartRewrite();
    }

    private string? WriteRefusal()
    {
        if (Status.LastSaveFailed && server.Options.StopWritesOnBgsaveError && server.Options.Save.Length > 0)
            return RedisErrors.Misconfigured;
        return Log is not null && Status.AofError is { } error ? RedisErrors.AofUnwritable(error) : null;
    }

    private void Warn(string line) => server.Context.Log.Write(LogSeverity.Warning, line);
}
