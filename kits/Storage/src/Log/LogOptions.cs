using System.Runtime.CompilerServices;

namespace Microcosm.Storage;

/// <summary>Sizes and limits of a <see cref="SegmentedLog"/>. Values out of range throw
/// <see cref="ArgumentOutOfRangeException"/>.</summary>
public sealed record LogOptions
{
    /// <summary>A segment takes no further record beyond this size; a larger record has a segment of its own. 64 bytes to 1 GiB.</summary>
    public int SegmentBytes { get; init => field = InRange(value, 64, 1 << 30); } = 64 << 20;

    /// <summary>Largest record; 1 byte to 512 MiB.</summary>
    public int RecordBytesMax { get; init => field = InRange(value, 1, 512 << 20); } = 16 << 20;

    /// <summary>Most that may wait in memory to be written; a record that is over it is refused. At least one record must fit.</summary>
    public int PendingBytesMax { get; init => field = InRange(value, 64, 1 << 30); } = 256 << 20;

    /// <summary>One record in so many bytes is in the index in memory, 8 bytes each; a read walks over as many.</summary>
    public int IndexBytes { get; init => field = InRange(value, 1, 1 << 24); } = 16 << 10;

    /// <summary>True: every record is verified when the log opens. False: only the last segment's; the others' when first read.</summary>
    public bool VerifiesAll { get; init; } = true;

    /// <summary>Throws <see cref="ArgumentException"/> for limits that contradict each other.</summary>
    internal void Check()
    {
        if (PendingBytesMax < (long)RecordBytesMax + Frame.HeaderBytes)
            throw new ArgumentException($"PendingBytesMax ({PendingBytesMax}) must hold a record of RecordBytesMax ({RecordBytesMax})");
    }

    private static int InRange(int value, int min, int max, [CallerMemberName] string? name = null) =>
        value >= min && value <= max ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must be between {min} and {max}");
}
