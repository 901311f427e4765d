using System.Buffers;
using System.Buffers.Binary;

namespace Microcosm.Runtime;

/// <summary>Frames that stand behind their length, an int32 in network order.</summary>
public static class LengthPrefixed
{
    private const int PrefixBytes = sizeof(int);

    /// <summary>Takes the first frame, without its length. False: it has not come whole. Throws <see cref="IOException"/> for a length out
    /// of bounds.</summary>
    /// <param name="input">What has come; begins behind the frame after it was taken.</param>
    public static bool TryTake(ref ReadOnlySequence<byte> input, int bytesMin, int bytesMax, out ReadOnlySequence<byte> frame)
    {
        frame = default;
        if (input.Length < PrefixBytes)
            return false;
        Span<byte> prefix = stackalloc byte[PrefixBytes];
        input.Slice(0, PrefixBytes).CopyTo(prefix);
        var length = BinaryPrimitives.ReadInt32BigEndian(prefix);
        if (length < bytesMin || length > bytesMax)
            throw new IOException($"a frame of {length} bytes");
        if (input.Length - PrefixBytes < length)
            return false;
        frame = input.Slice(PrefixBytes, length);
        input = input.Slice(PrefixBytes + length);
        return true;
    }
}
