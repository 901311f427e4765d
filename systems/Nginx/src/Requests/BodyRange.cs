namespace Microcosm.Nginx;

/// <summary>The part of a body that is wanted, while the body comes in pieces.</summary>
/// <param name="position">Where the body itself begins.</param>
internal sealed class BodyRange(long start, long end, long position)
{
    private long _position = position;

    public long Start => start;

    public long End => end;

    /// <summary>The next piece begins there.</summary>
    public void MoveTo(long position) => _position = position;

    /// <summary>What the next piece has of it.</summary>
    public ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> bytes)
    {
        var (offset, length) = Cut(0, bytes.Length);
        return length <= 0 ? default : bytes.Slice((int)offset, (int)length);
    }

    /// <summary>The same for a part of a file; a length of 0 or less for nothing.</summary>
    public (long Offset, long Length) Cut(long offset, long length)
    {
        var from = Math.Max(start, _position);
        var to = Math.Min(end, _position + length);
        var cut = (offset + from - _position, to - from);
        _position += length;
        return cut;
    }
}
