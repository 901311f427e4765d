using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Microcosm.Runtime;

/// <summary>Output that lies together: bytes of an array, then what is still to be read of a file.</summary>
internal sealed class OutputSegment
{
    private const int FileReadBytes = 64 * 1024;

    private byte[]? _array;
    private int _start;
    private int _end;
    private IOutputFile? _file;
    private long _offset;
    private long _left;

    public OutputSegment(byte[] array, int start, int end) => (_array, _start, _end) = (array, start, end);

    public OutputSegment(IOutputFile file, long offset, long count) => (_file, _offset, _left) = (file, offset, count);

    public bool IsEmpty => _start == _end && _left == 0;

    /// <summary>Bytes at hand, at most <paramref name="max"/>; a file is read where there are none. Empty: the file is shorter than it
    /// was to be. Throws <see cref="IOException"/>.</summary>
    public ReadOnlyMemory<byte> Front(long max)
    {
        if (_start == _end && _left > 0)
            ReadFile();
        return _array.AsMemory(_start, (int)Math.Min(_end - _start, max));
    }

    /// <summary>True where the next bytes are still in a file of the machine.</summary>
    public bool TryFrontFile(long max, out SafeFileHandle? handle, out long offset, out long count)
    {
        (handle, offset, count) = (_file?.Handle, _offset, Math.Min(_left, max));
        return handle is not null && _start == _end;
    }

    /// <summary>Drops up to <paramref name="count"/> bytes; returns how many.</summary>
    public long Take(long count)
    {
        var ofArray = Math.Min(count, _end - _start);
        _start += (int)ofArray;
        if (_start == _end && _array is not null)
            ReturnArray();
        var ofFile = Math.Min(count - ofArray, _left);
        _offset += ofFile;
        _left -= ofFile;
        return ofArray + ofFile;
    }

    /// <summary>Gives back what it holds.</summary>
    public void Release()
    {
        if (_array is not null)
            ReturnArray();
        var file = _file;
        _file = null;
        file?.Release();
    }

    private void ReadFile()
    {
        _array ??= ArrayPool<byte>.Shared.Rent((int)Math.Min(_left, FileReadBytes));
        var read = _file!.Read(_offset, _array.AsSpan(0, (int)Math.Min(_left, _array.Length)));
        (_start, _end) = (0, read);
        _offset += read;
        _left -= read;
    }

    private void ReturnArray()
    {
        ArrayPool<byte>.Shared.Return(_array!);
        _array = null;
        _start = _end = 0;
    }
}
