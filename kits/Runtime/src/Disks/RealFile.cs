using Microsoft.Win32.SafeHandles;

namespace Microcosm.Runtime;

/// <summary>A file of this machine.</summary>
internal sealed class RealFile(SafeFileHandle handle) : IDiskFile
{
    private long _length = RandomAccess.GetLength(handle);

    // The owner and each sync under way; the last one closes.
    private int _users = 1;
    private int _isDisposed;

    public long Length => _length;

    public int Read(long offset, Span<byte> buffer) => RandomAccess.Read(handle, buffer, offset);

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(handle, bytes, offset);
            _length = Math.Max(_length, offset + bytes.Length);
        }
        catch (IOException)
        {
            // A full disk takes the first part.
            _length = RandomAccess.GetLength(handle);
            throw;
        }
    }

    public void Append(ReadOnlySpan<byte> bytes) => Write(_length, bytes);

    public void SetLength(long length)
    {
        RandomAccess.SetLength(handle, length);
        _length = length;
    }

    // On a thread of its own, since the system call waits for the device; the caller's continuation returns to its executor.
    public ValueTask SyncAsync(CancellationToken cancellation = default)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Increment(ref _users);
        WaitingThreads.Run(
            static s =>
            {
                var (file, done) = ((RealFile, TaskCompletionSource))s;
                try
                {
                    file.Sync();
                    done.SetResult();
                }
                catch (Exception e)
                {
                    done.SetException(e);
                }
                file.Release();
            },
            (this, done));
        return new ValueTask(done.Task);
    }

    public void Sync() => RandomAccess.FlushToDisk(handle);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
            Release();
    }

    private void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
            handle.Dispose();
    }
}
