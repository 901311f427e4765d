using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Simulation.Tests.Samples.Store;

/// <summary>
/// A log of text records with group commit: records appended in one turn, and while a sync is under way, share the next sync.
/// Record: length (u32), CRC-32C of the payload (u32), payload. Recovery stops at the first record that does not verify and cuts the rest.
/// </summary>
internal sealed class WriteAheadLog(NodeExecutor executor, IDiskFile file) : IDisposable
{
    private const int HeaderBytes = 8;
    private const int RecordBytesMax = 64 * 1024;

    private readonly Queue<(long Position, TaskCompletionSource Done)> _waiting = new();
    private bool _commitIsDue;
    private bool _syncing;

    /// <summary>Bytes written.</summary>
    public long Written { get; private set; }

    /// <summary>Bytes that survive a crash.</summary>
    public long Durable { get; private set; }

    /// <summary>The file that syncs go to; null for the log's own, as it should be.</summary>
    public IDiskFile? SyncedFile { get; init; }

    /// <summary>Replays every sound record, in order, and cuts what follows the last one.</summary>
    public void Recover(Action<string> replay)
    {
        long offset = 0;
        while (TryReadRecord(offset, out var record, out var length))
        {
            replay(record);
            offset += length;
        }
        if (!Bug.IsPlanted("wal/torn-tail-left-in-place"))
            file.SetLength(offset);
        else
            offset = file.Length;
        Written = Durable = offset;
    }

    /// <summary>Adds a record; it is durable when the result completes.</summary>
    public Task Append(string record)
    {
        var payload = Encoding.UTF8.GetBytes(record);
        Invariant.Check(payload.Length <= RecordBytesMax);
        Span<byte> header = stackalloc byte[HeaderBytes];
        BinaryPrimitives.WriteInt32LittleEndian(header, payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], Checksum(payload));
        file.Append([.. header, .. payload]);
        Written = file.Length;
        return WhenDurable();
    }

    /// <summary>Completes when all that is written now survives a crash.</summary>
    public Task WhenDurable()
    {
        if (Durable == Written || Bug.IsPlanted("wal/acknowledged-before-sync"))
        {
            ScheduleCommit();
            return Task.CompletedTask;
        }
        var done = new TaskCompletionSource();
        _waiting.Enqueue((Written, done));
        ScheduleCommit();
        return done.Task;
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private void ScheduleCommit()
    {
        if (_commitIsDue || _syncing || Durable == Written)
            return;
        _commitIsDue = true;
        executor.AtTurnEnd(TurnPhase.Commit, Commit);
    }

    // async void: a disk error ends the node, which recovers from what the disk has (fsync is not retried: Rebello et al., ATC 2020).
    private async void Commit()
    {
        _commitIsDue = false;
        _syncing = true;
        var covered = Written;
        try
        {
            await (SyncedFile ?? file).SyncAsync();
        }
        catch (IOException) when (Bug.IsPlanted("wal/acknowledged-though-the-sync-failed"))
        {
        }
        catch (IOException) when (Bug.IsPlanted("wal/failed-sync-tried-again"))
        {
            await file.SyncAsync();
        }
        _syncing = false;
        Durable = Math.Max(Durable, covered);
        while (_waiting.TryPeek(out var first) && first.Position <= Durable)
            _waiting.Dequeue().Done.SetResult();
        ScheduleCommit();
    }

    private bool TryReadRecord(long offset, out string record, out int length)
    {
        (record, length) = ("", 0);
        Span<byte> header = stackalloc byte[HeaderBytes];
        if (file.Read(offset, header) < HeaderBytes)
            return false;
        var bytes = BinaryPrimitives.ReadInt32LittleEndian(header);
        if (bytes is <= 0 or > RecordBytesMax)
            return false;
        var payload = new byte[bytes];
        var read = file.Read(offset + HeaderBytes, payload);
        if (read < bytes && !Bug.IsPlanted("wal/torn-record-accepted"))
            return false;
        if (Bug.IsPlanted("wal/last-record-skipped") && offset + HeaderBytes + bytes >= file.Length)
            return false;
        if (Checksum(payload) != BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) && !Bug.IsPlanted("wal/torn-record-accepted"))
            return false;
        record = Encoding.UTF8.GetString(payload.AsSpan(0, read));
        length = HeaderBytes + bytes;
        return true;
    }

    private static uint Checksum(ReadOnlySpan<byte> payload)
    {
        var crc = 0xffffffffu;
        foreach (var b in payload)
            crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }
}
