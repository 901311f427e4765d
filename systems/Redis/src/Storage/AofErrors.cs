using Microcosm.Runtime;

namespace Microcosm.Redis;

/// <summary>
/// What Redis does when the append-only file cannot be written or synced (aof.c flushAppendOnlyFile, bio.c). Under <c>always</c> it exits:
/// replies that promise durability wait in the output buffers, and the changes cannot be taken back. Otherwise writes are refused until the
/// file takes what is owed to it.
/// </summary>
internal sealed class AofErrors(RedisServer server, PersistenceStatus status)
{
    // AOF_WRITE_LOG_ERROR_RATE
    private const long LogEveryMs = 30_000;

    private long _loggedMs = long.MinValue / 2;

    /// <summary>A write failed. Returns how many of its bytes are in the file and could not be removed.</summary>
    public long WriteFailed(IOException error, IDiskFile file, long lengthBefore, long expected)
    {
        var canLog = server.NowMs - _loggedMs > LogEveryMs;
        if (canLog)
            _loggedMs = server.NowMs;
        var written = file.Length - lengthBefore;
        var reason = DiskError.TextOf(error);
        if (written == 0)
        {
            Log(canLog, $"Error writing to the AOF file: {reason}");
        }
        else
        {
            Log(canLog, $"Short write while writing to the AOF file: (nwritten={written}, expected={expected})");
            written = RemoveShortWrite(file, lengthBefore, canLog);
            reason = DiskError.NoSpace.Text;
        }
        if (server.Options.AppendFsync == AppendFsync.Always)
            Exit("Can't recover from AOF write error when the AOF fsync policy is 'always'. Exiting...", error);
        status.AofWriteError = reason;
        return written;
    }

    /// <summary>All that was owed is written.</summary>
    public void Written()
    {
        if (status.AofWriteError is null)
            return;
        status.AofWriteError = null;
        Log(true, "AOF write error looks solved, Redis can write again.");
    }

    /// <summary>A sync failed. What it covered may be lost even if the next one succeeds: under <c>always</c> there is no next
    /// one.</summary>
    public void SyncFailed(IOException error)
    {
        var reason = DiskError.TextOf(error);
        if (server.Options.AppendFsync == AppendFsync.Always)
            Exit($"Can't persist AOF for fsync error when the AOF fsync policy is 'always': {reason}. Exiting...", error);
        Log(status.AofSyncError is null, $"Fail to fsync the AOF file: {reason}");
        status.AofSyncError = reason;
    }

    private long RemoveShortWrite(IDiskFile file, long length, bool canLog)
    {
        try
        {
            file.SetLength(length);
        }
        catch (IOException e)
        {
            Log(canLog, "Could not remove short write from the append-only file.  Redis may refuse to load the AOF the next time it starts."
                + $"  ftruncate: {DiskError.TextOf(e)}");
        }
        return file.Length - length;
    }

    // Told at once and not only thrown: no turn may come between that and the end.
    private void Exit(string line, IOException cause)
    {
        var exit = new ExitException(line, cause);
        Log(true, line);
        server.Context.Executor.OnUnhandled(exit);
        throw exit;
    }

    private void Log(bool canLog, string line)
    {
        if (canLog)
            server.Context.Log.Write(LogSeverity.Warning, line);
    }
}
