namespace Microcosm.Runtime;

/// <summary>An open file of a <see cref="MemoryDisk"/>.</summary>
internal sealed class MemoryFileHandle(MemoryDisk disk, MemoryFile file, string path) : IDiskFile
{
    public long Length
    {
        get
        {
            lock (disk.Gate)
                return file.Length;
        }
    }

    public int Read(long offset, Span<byte> buffer)
    {
        lock (disk.Gate)
            return file.Read(offset, buffer);
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        lock (disk.Gate)
            WriteWhatFits(offset, bytes);
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        lock (disk.Gate)
            WriteWhatFits(file.Length, bytes);
    }

    public void SetLength(long length)
    {
        lock (disk.Gate)
            file.SetLength(length);
    }

    public async ValueTask SyncAsync(CancellationToken cancellation = default)
    {
        long covered;
        lock (disk.Gate)
            covered = file.Writes;
        await disk.DelayAsync(cancellation);
        lock (disk.Gate)
            file.Synced(covered);
    }

    public ValueTask MakeRoomAsync(long length, CancellationToken cancellation = default)
    {
        lock (disk.Gate)
            WriteWhatFits(file.Length, new byte[Math.Max(0, length - file.Length)]);
        return SyncAsync(cancellation);
    }

    public void Sync()
    {
        lock (disk.Gate)
            file.Synced(file.Writes);
    }

    /// <summary>A sync that takes its time and fails: what it covered is believed clean from now on, and may be lost.</summary>
    public async ValueTask FailSyncAsync(CancellationToken cancellation)
    {
        long covered;
        lock (disk.Gate)
            covered = file.Writes;
        await disk.DelayAsync(cancellation);
        lock (disk.Gate)
            file.SyncFailed(covered);
    }

    /// <summary>The same, at once.</summary>
    public void FailSync()
    {
        lock (disk.Gate)
            file.SyncFailed(file.Writes);
    }

    public void Dispose()
    {
    }

    // As a full disk does: the part for which there is room is written.
    private void WriteWhatFits(long offset, ReadOnlySpan<byte> bytes)
    {
        var excess = Math.Max(file.Length, offset + bytes.Length) - file.Length - disk.BytesLeft;
        if (excess <= 0)
        {
            file.Write(offset, bytes);
            return;
        }
        var fits = (int)Math.Max(0, bytes.Length - excess);
        if (fits > 0)
            file.Write(offset, bytes[..fits]);
        throw DiskError.NoSpace.At(path);
    }
}
