using System.Buffers;

namespace Microcosm.Runtime;

/// <summary>
/// Input that a session has left over, in one array until it takes it, and no array while there is none. It grows geometrically, so that a
/// huge message that trickles in costs time linear in its length. A struct that changes: it stays in the field or variable it was made in.
/// </summary>
internal struct KeptInput(ArrayPool<byte> pool)
{
    private const int RoomMin = 4096;

    private byte[]? _bytes;

    public int Length { get; private set; }

    public readonly bool IsEmpty => Length == 0;

    /// <summary>True where it is as much as an array holds.</summary>
    public readonly bool IsFull => Length == Array.MaxLength;

    public readonly ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    /// <summary>
    /// Room behind what is kept: so much, if an array holds it, and maybe more. <see cref="Advance"/> says what was written there.
    /// </summary>
    public Span<byte> Room(int wanted = RoomMin)
    {
        if (_bytes is null)
            _bytes = pool.Rent(Math.Max(wanted, RoomMin));
        else if (_bytes.Length - Length < wanted && _bytes.Length < Array.MaxLength)
            Grow(wanted);
        return _bytes.AsSpan(Length);
    }

    public void Advance(int written) => Length += written;

    /// <summary>Keeps these bytes too; false where they are more than an array holds.</summary>
    public bool TryAppend(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.TryCopyTo(Room(bytes.Length)))
            return false;
        Length += bytes.Length;
        return true;
    }

    /// <summary>The session took so many.</summary>
    public void Take(int taken)
    {
        if (taken == Length)
        {
            Clear();
            return;
        }
        if (taken > 0)
            _bytes.AsSpan(taken, Length - taken).CopyTo(_bytes);
        Length -= taken;
    }

    /// <summary>Lets go of all, and of the array.</summary>
    public void Clear()
    {
        Length = 0;
        if (_bytes is null)
            return;
        pool.Return(_bytes);
        _bytes = null;
    }

    private void Grow(int wanted)
    {
        var larger = pool.Rent((int)Math.Min(Math.Max(_bytes!.Length * 2L, (long)Length + wanted), Array.MaxLength));
        Bytes.CopyTo(larger);
        pool.Return(_bytes);
        _bytes = larger;
    }
}
