namespace Microcosm.Runtime;

/// <summary>An open file of a <see cref="MemoryDisk"/>.</summary>
internal sealed class MemoryFileHandle(MemoryDisk disk, MemoryFile file) : IDiskFile
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
            file.Write(offset, bytes);
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        lock (disk.Gate)
            file.Write(file.Length, bytes);
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

    public void Sync()
    {
        lock (disk.Gate)
            file.Synced(file.Writes);
    }

    public void Dispose()
    {
    }
}
