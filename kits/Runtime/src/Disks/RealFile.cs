using Microsoft.Win32.SafeHandles;

namespace Microcosm.Runtime;

/// <summary>A file of this machine.</summary>
internal sealed class RealFile(SafeFileHandle handle) : IDiskFile
{
    private long _length = RandomAccess.GetLength(handle);

    public long Length => _length;

    public int Read(long offset, Span<byte> buffer) => RandomAccess.Read(handle, buffer, offset);

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(handle, bytes, offset);
        _length = Math.Max(_length, offset + bytes.Length);
    }

    public void Append(ReadOnlySpan<byte> bytes) => Write(_length, bytes);

    public void SetLength(long length)
    {
        RandomAccess.SetLength(handle, length);
        _length = length;
    }

    // On the thread pool, since the system call waits for the device; the caller's continuation returns to its executor.
    public ValueTask SyncAsync(CancellationToken cancellation = default)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ThreadPool.UnsafeQueueUserWorkItem(
            static s =>
            {
                try
                {
                    RandomAccess.FlushToDisk(s.handle);
                    s.done.SetResult();
                }
                catch (Exception e)
                {
                    s.done.SetException(e);
                }
            },
            (handle, done),
            preferLocal: false);
        return new ValueTask(done.Task);
    }

    public void Sync() => RandomAccess.FlushToDisk(handle);

    public void Dispose() => handle.Dispose();
}
