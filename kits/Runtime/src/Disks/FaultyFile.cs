namespace Microcosm.Runtime;

/// <summary>An open file of a <see cref="FaultyDisk"/>. It goes by the path under which it was opened.</summary>
internal sealed class FaultyFile(FaultyDisk disk, IDiskFile file, string path) : IDiskFile
{
    public long Length => file.Length;

    public int Read(long offset, Span<byte> buffer)
    {
        if (!disk.IsDisturbed)
            return file.Read(offset, buffer);
        var fault = disk.Decide("disk.read", path);
        FaultyDisk.Throw(fault, path);
        var read = file.Read(offset, buffer);
        if (fault.Action == OperationFaultAction.Corrupt && read > 0)
            disk.Flip(buffer[..read], path);
        return read;
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        if (disk.IsDisturbed)
            WriteDisturbed(offset, bytes);
        else
            file.Write(offset, bytes);
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (disk.IsDisturbed)
            WriteDisturbed(file.Length, bytes);
        else
            file.Append(bytes);
    }

    public void SetLength(long length)
    {
        disk.Meet("disk.truncate", path);
        file.SetLength(length);
    }

    public ValueTask SyncAsync(CancellationToken cancellation = default) =>
        disk.IsDisturbed ? SyncDisturbedAsync(cancellation) : file.SyncAsync(cancellation);

    // A write of zeros and a sync, either of which can fail.
    public ValueTask MakeRoomAsync(long length, CancellationToken cancellation = default)
    {
        if (!disk.IsDisturbed)
            return file.MakeRoomAsync(length, cancellation);
        WriteDisturbed(file.Length, new byte[Math.Max(0, length - file.Length)]);
        return SyncDisturbedAsync(cancellation);
    }

    // A blocking sync cannot be delayed: nobody would turn the clock.
    public void Sync()
    {
        var fault = disk.Decide("disk.sync", path);
        if (fault.Action == OperationFaultAction.DiskError && file is MemoryFileHandle memory)
            memory.FailSync();
        FaultyDisk.Throw(fault, path);
        file.Sync();
    }

    public void Dispose() => file.Dispose();

    private void WriteDisturbed(long offset, ReadOnlySpan<byte> bytes)
    {
        var fault = disk.Decide("disk.write", path);
        FaultyDisk.Throw(fault, path);
        switch (fault.Action)
        {
            case OperationFaultAction.ShortWrite when fault.Bytes < bytes.Length:
                file.Write(offset, bytes[..fault.Bytes]);
                throw DiskError.NoSpace.At(path);
            case OperationFaultAction.Corrupt when bytes.Length > 0:
                var flipped = bytes.ToArray();
                disk.Flip(flipped, path);
                file.Write(offset, flipped);
                break;
            default:
                file.Write(offset, bytes);
                break;
        }
    }

    // The sync begins at once, since the file may be closed meanwhile; a delay makes its answer late.
    private async ValueTask SyncDisturbedAsync(CancellationToken cancellation)
    {
        var fault = disk.Decide("disk.sync", path);
        if (fault.Action == OperationFaultAction.DiskError && file is MemoryFileHandle memory)
            await memory.FailSyncAsync(cancellation);
        FaultyDisk.Throw(fault, path);
        await file.SyncAsync(cancellation);
        await disk.DelayAsync(fault, cancellation);
    }
}
