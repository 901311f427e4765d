#pragma warning disable RS0030 // logs are the machine's files
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using Microcosm.Runtime;
using Microsoft.Win32.SafeHandles;

namespace Microcosm.Nginx;

/// <summary>
/// One log file, opened to append: others may write to it too. Lines of a buffered one leave when the buffer is full, when their time has
/// come, and when the file is closed. Thread-safe.
/// </summary>
internal sealed partial class LogFile(string path) : IDisposable
{
    // O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC
    private const int AppendFlags = 0x1 | 0x40 | 0x400 | 0x80000;
    private const int Mode = 0x1a4;
    private const int NoSpace = 28;

    private readonly Lock _gate = new();
    private SafeFileHandle? _handle;
    private byte[] _buffer = [];
    private int _used;
    private int _gzipLevel;
    private bool _flushIsDue;

    /// <summary>Writes a line, and what waits before it. 0, or errno: it is lost then, as nginx loses it.</summary>
    public int Write(ReadOnlySpan<byte> line)
    {
        lock (_gate)
        {
            var errno = Flush();
            return errno != 0 ? errno : Put(line);
        }
    }

    /// <summary>Keeps a line until there are more. 0, or errno of what had to be written.</summary>
    /// <param name="deadlines">Of the worker that writes.</param>
    public int Append(ReadOnlySpan<byte> line, AccessLog log, Deadlines deadlines)
    {
        lock (_gate)
        {
            var errno = 0;
            if (_buffer.Length != log.BufferBytes || _gzipLevel != log.GzipLevel)
            {
                errno = Flush();
                (_buffer, _gzipLevel) = (new byte[log.BufferBytes], log.GzipLevel);
            }
            if (line.Length > _buffer.Length - _used)
                errno = Flush();
            if (line.Length > _buffer.Length)
                return Put(line);
            line.CopyTo(_buffer.AsSpan(_used));
            _used += line.Length;
            if (log.FlushMs > 0 && !_flushIsDue)
            {
                _flushIsDue = true;
                deadlines.Set(new FlushDeadline(this), log.FlushMs);
            }
            return errno;
        }
    }

    /// <summary>Writes what waits, and closes; the next line opens it anew.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            Flush();
            _handle?.Dispose();
            _handle = null;
        }
    }

    private int Flush()
    {
        var waiting = _buffer.AsSpan(0, _used);
        _used = 0;
        return waiting.IsEmpty ? 0 : Put(waiting);
    }

    private int Put(ReadOnlySpan<byte> bytes)
    {
        if (_handle is null)
        {
            var handle = new SafeFileHandle(Open(path, AppendFlags, Mode), ownsHandle: true);
            if (handle.IsInvalid)
                return Marshal.GetLastPInvokeError();
            _handle = handle;
        }
        if (bytes.IsEmpty)
            return 0;
        try
        {
            RandomAccess.Write(_handle, _gzipLevel > 0 ? Compressed(bytes) : bytes, 0);
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.HResult is > 0 and < 256 ? e.HResult : NoSpace;
        }
    }

    // Each time a member of its own (RFC 1952 2.2): what is there can be read whole.
    private byte[] Compressed(ReadOnlySpan<byte> bytes)
    {
        var output = new MemoryStream();
        using (var gzip = new GZipStream(output, new ZLibCompressionOptions { CompressionLevel = _gzipLevel }))
            gzip.Write(bytes);
        return output.ToArray();
    }

    private static int Open(string path, int flags, int mode) => Open(Encoding.Latin1.GetBytes(path + "\0"), flags, mode);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    private static partial int Open(byte[] path, int flags, int mode);

    private sealed class FlushDeadline(LogFile file) : Deadline
    {
        protected override void Expired()
        {
            lock (file._gate)
            {
                file._flushIsDue = false;
                file.Flush();
            }
        }
    }
}
