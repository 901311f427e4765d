#pragma warning disable RS0030 // This is the shell that meets the file system.
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Microcosm.Runtime;

/// <summary>A file of this machine. Invariant: room is only ever added at the end, while nobody writes, so that no zero lands on what was
/// written.</summary>
internal sealed partial class RealFile : IDiskFile
{
    // So much is written at a time that who wants to write meanwhile does not wait long.
    private const int RoomPieceBytes = 128 << 10;

    private static readonly byte[] Zeros = new byte[RoomPieceBytes];

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly SafeFileHandle _handle;
    private long _length;
    private long _roomEnd;

    // The owner and each sync under way; the last one closes.
    private int _users = 1;
    private int _isDisposed;

    public RealFile(string path, FileMode mode)
    {
        (_path, _handle) = (path, Open(path, mode));
        _length = RandomAccess.GetLength(_handle);
    }

    public long Length => Volatile.Read(ref _length);

    public int Read(long offset, Span<byte> buffer) => RandomAccess.Read(_handle, buffer, offset);

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
            WriteAlone(offset, bytes);
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
            WriteAlone(_length, bytes);
    }

    public void SetLength(long length)
    {
        lock (_gate)
        {
            _roomEnd = 0;
            RandomAccess.SetLength(_handle, length);
            _length = length;
        }
    }

    public ValueTask SyncAsync(CancellationToken cancellation = default) => RunAsync(file => file.Sync());

    public ValueTask MakeRoomAsync(long length, CancellationToken cancellation = default)
    {
        lock (_gate)
            _roomEnd = length;
        return RunAsync(file => file.MakeRoom());
    }

    public void Sync() => Flush(_handle);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
            return;
        lock (_gate)
            _roomEnd = 0;
        Release();
    }

    private static SafeFileHandle Open(string path, FileMode mode) =>
        File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

    private void WriteAlone(long offset, ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(_handle, bytes, offset);
            _length = Math.Max(_length, offset + bytes.Length);
        }
        catch (IOException)
        {
            // A full disk takes the first part.
            _length = RandomAccess.GetLength(_handle);
            throw;
        }
    }

    private void MakeRoom()
    {
        // A handle of its own: Linux tells each of an error of the device once, and who syncs what was written must hear of it.
        SafeFileHandle other;
        try
        {
            other = Open(_path, FileMode.Open);
        }
        catch (FileNotFoundException) when (Volatile.Read(ref _isDisposed) != 0)
        {
            return;
        }
        using var _ = other;
        while (true)
        {
            lock (_gate)
            {
                var count = (int)Math.Min(RoomPieceBytes, _roomEnd - _length);
                if (count <= 0)
                    break;
                WriteAlone(_length, Zeros.AsSpan(0, count));
            }
        }
        Flush(other);
    }

    // .NET syncs the time of the last change too, which a journal would have to take with every sync of a file that does not grow.
    private void Flush(SafeFileHandle handle)
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(handle);
            return;
        }
        while (SyncData(handle) < 0)
        {
            if (Marshal.GetLastPInvokeError() != Libc.EIntr)
                throw new IOException($"{Marshal.GetLastPInvokeErrorMessage()} : '{_path}'", Marshal.GetLastPInvokeError());
        }
    }

    // On a thread of its own, since the system call waits for the device; the caller's continuation returns to its executor.
    private ValueTask RunAsync(Action<RealFile> work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Increment(ref _users);
        WaitingThreads.Run(
            static s =>
            {
                var (file, work, done) = ((RealFile, Action<RealFile>, TaskCompletionSource))s;
                try
                {
                    work(file);
                    done.SetResult();
                }
                catch (Exception e)
                {
                    done.SetException(e);
                }
                file.Release();
            },
            (this, work, done));
        return new ValueTask(done.Task);
    }

    private void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
            _handle.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int SyncData(SafeFileHandle handle);
}
