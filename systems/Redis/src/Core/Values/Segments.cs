using System.Runtime.CompilerServices;

namespace Microcosm.Redis;

/// <summary>
/// An array that grows at its end without ever being copied as a whole: the first segment doubles up to 1,024 elements, then segments
/// are added. References into it stay good while it grows beyond the first segment only.
/// </summary>
internal sealed class Segments<T>
{
    private const int Shift = 10;
    private const int SegmentLength = 1 << Shift;
    private const int FirstLengthMin = 4;

    private T[][] _segments = [new T[FirstLengthMin]];

    public static Segments<T> WithLength(int length)
    {
        var segments = new Segments<T>();
        segments._segments[0] = new T[length];
        return segments;
    }

    public ref T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _segments[index >> Shift][index & (SegmentLength - 1)];
    }

    /// <summary>The element right behind the last one, made if need be.</summary>
    public ref T Append(int length)
    {
        var segment = length >> Shift;
        if (segment == _segments.Length)
            Array.Resize(ref _segments, _segments.Length * 2);
        if (segment > 0)
            _segments[segment] ??= new T[SegmentLength];
        else if (length == _segments[0].Length)
            Array.Resize(ref _segments[0], length * 2);
        return ref this[length];
    }

    /// <summary>Lets go of segments that a length no longer needs, but for one to spare.</summary>
    public void Trim(int length)
    {
        var segment = (length >> Shift) + 2;
        if (segment < _segments.Length && (length & (SegmentLength - 1)) == 0)
            _segments[segment] = null!;
        else if (length < SegmentLength && length >= FirstLengthMin && length * 4 == _segments[0].Length)
            Array.Resize(ref _segments[0], length * 2);
    }

    public Segments<T> Clone() => new() { _segments = [.. _segments.Select(s => s is null ? null! : (T[])s.Clone())] };
}
