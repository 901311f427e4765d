using System.Buffers.Binary;
using Microcosm.Runtime;
using Microcosm.Storage;

namespace Microcosm.Kafka;

/// <summary>
/// A log's checkpoint, in two files that are written in turn, so that one of them is whole after any crash: one sync a save. Opening writes
/// nothing, unlike <see cref="StateFile"/>: a broker opens ten thousand of them. Each: <c>"MCLOGCP1"</c>, CRC-32C of what follows (4),
/// length (4), number of the save (8), checkpoint. What stands behind is left of a longer one.
/// </summary>
internal sealed class CheckpointFile(LogFiles files, string folder)
{
    private const int HeaderBytes = 24;
    private const int CheckedFrom = 12;
    private const int BytesMax = 16 << 20;

    private readonly LogFile[] _slots = [new(files, folder + "/checkpoint.a"), new(files, folder + "/checkpoint.b")];
    private ulong _saves;

    // What was loaded and may be in the page cache only, since a sync of it that failed leaves it there (Rebello et al., ATC 2020).
    private byte[]? _unsure;

    /// <summary>False if what was loaded may yet be lost in a crash.</summary>
    public bool IsSure => _unsure is null;

    private static ReadOnlySpan<byte> Magic => "MCLOGCP1"u8;

    /// <summary>The last checkpoint that was saved; null if there is none. Throws <see cref="DamagedFileException"/> when there was one
    /// and no copy is whole.</summary>
    public async ValueTask<LogCheckpoint?> LoadAsync()
    {
        LogCheckpoint? last = null;
        var (bad, isChanging) = (0, false);
        foreach (var slot in _slots)
        {
            if (!slot.Exists)
                continue;
            if (!TryRead(slot, out var bytes, out var number, out var checkpoint))
                bad++;
            else if (number > _saves)
                (_saves, last, _unsure) = (number, checkpoint, bytes);
            isChanging |= checkpoint is { Change: not LogChange.None };
            slot.Close();
        }
        // The second file is written only after the first was synced.
        if (bad == 2)
            throw new DamagedFileException(_slots[0].Path, 0, "no copy of the checkpoint is whole");
        // If the last one were lost, a change that is done would be done again, to what came after it.
        if (isChanging)
            await EnsureAsync();
        return last;
    }

    /// <summary>Completes when what was loaded survives a crash, before anything is deleted on its word.</summary>
    public async ValueTask EnsureAsync()
    {
        if (_unsure is not { } loaded || Bug.IsPlanted("kafka/checkpoint-believed"))
            return;
        var slot = _slots[_saves % 2];
        slot.Write(0, loaded);
        await slot.SyncAsync();
        await files.Disk.SyncNamesAsync();
        slot.Close();
        _unsure = null;
    }

    /// <summary>Saves; completes when it survives a crash. One at a time.</summary>
    public async ValueTask SaveAsync(LogCheckpoint checkpoint)
    {
        // The other copy is overwritten, so this one must be there.
        await EnsureAsync();
        var value = checkpoint.Encode();
        var bytes = new byte[HeaderBytes + value.Length];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(12), value.Length);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(16), ++_saves);
        value.CopyTo(bytes, HeaderBytes);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(8), Crc32C.Of(bytes.AsSpan(CheckedFrom)));
        var slot = _slots[_saves % 2];
        var isNew = slot.Write(0, bytes);
        await slot.SyncAsync();
        if (isNew)
            await files.Disk.SyncNamesAsync();
        slot.Close();
    }

    public void Delete()
    {
        foreach (var slot in _slots)
            slot.Delete();
        (_saves, _unsure) = (0, null);
    }

    private static bool TryRead(LogFile slot, out byte[] bytes, out ulong number, out LogCheckpoint? checkpoint)
    {
        (number, checkpoint) = (0, null);
        bytes = new byte[(int)Math.Min(slot.Length, BytesMax)];
        var count = slot.Read(0, bytes);
        if (count < HeaderBytes || !bytes.AsSpan().StartsWith(Magic))
            return false;
        var length = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(12));
        if (length < 0 || length > count - HeaderBytes || BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(8))
            != Crc32C.Of(bytes.AsSpan(CheckedFrom, HeaderBytes - CheckedFrom + length)))
            return false;
        number = BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(16));
        checkpoint = LogCheckpoint.Decode(bytes.AsMemory(HeaderBytes, length));
        return checkpoint is not null;
    }
}
