using Microcosm.Runtime;

namespace Microcosm.Storage;

/// <summary>Reads a file through a buffer that is kept: it grows to the largest piece asked for.</summary>
internal sealed class FileWindow
{
    private const int WindowBytes = 32 << 10;

    private byte[] _bytes = [];
    private IDiskFile? _file;
    private long _offset;
    private int _count;

    /// <summary>Looks at another file, or at one whose bytes changed.</summary>
    public void Reset(IDiskFile? file)
    {
        _file = file;
        _count = 0;
    }

    /// <summary>The bytes from <paramref name="offset"/> on, fewer than <paramref name="count"/> only at the end; valid until the next
    /// call.</summary>
    public ReadOnlySpan<byte> At(long offset, int count)
    {
        if (offset < _offset || offset + count > _offset + _count)
            Load(offset, count);
        return _bytes.AsSpan((int)(offset - _offset), (int)Math.Min(count, _offset + _count - offset));
    }

    private void Load(long offset, int count)
    {
        if (_bytes.Length < count)
            _bytes = new byte[Math.Max(count, WindowBytes)];
        (_offset, _count) = (offset, 0);
        while (_count < _bytes.Length && _file!.Read(offset + _count, _bytes.AsSpan(_count)) is > 0 and var read)
            _count += read;
    }
}
