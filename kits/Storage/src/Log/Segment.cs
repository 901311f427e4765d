using System.Globalization;

namespace Microcosm.Storage;

/// <summary>One file of a log: its records, and where some of them begin.</summary>
internal sealed class Segment(string path, long first, ulong id)
{
    private const string Suffix = ".log";
    private const int Digits = 20;

    private readonly List<(uint Record, uint Offset)> _index = [];

    public string Path { get; } = path;

    /// <summary>Sequence number of the first record.</summary>
    public long First { get; } = first;

    /// <summary>No other segment of this log ever had it.</summary>
    public ulong Id { get; } = id;

    public uint Salt { get; } = Frame.SaltOf(id);

    /// <summary>Sequence number after the last record.</summary>
    public long Next { get; set; } = first;

    /// <summary>Where the next frame goes.</summary>
    public long Length { get; set; } = SegmentHeader.Bytes;

    /// <summary>True once all records were seen.</summary>
    public bool IsIndexed { get; set; }

    public bool IsEmpty => Next == First;

    public static string PathOf(string folder, long first) =>
        folder + "/" + first.ToString("D20", CultureInfo.InvariantCulture) + Suffix;

    /// <summary>Reads the first sequence number from a name; false if it is not a segment's.</summary>
    public static bool TryParse(string folder, string path, out long first)
    {
        first = 0;
        return path.Length == folder.Length + 1 + Digits + Suffix.Length
            && path.EndsWith(Suffix, StringComparison.Ordinal)
            && long.TryParse(path.AsSpan(folder.Length + 1, Digits), NumberStyles.None, CultureInfo.InvariantCulture, out first);
    }

    /// <summary>Told of each record in order; keeps one in <paramref name="indexBytes"/> bytes.</summary>
    public void Note(long sequence, long offset, int indexBytes)
    {
        if (_index.Count == 0 || offset - _index[^1].Offset >= indexBytes)
            _index.Add(((uint)(sequence - First), (uint)offset));
    }

    /// <summary>A record at or before <paramref name="sequence"/> and where it begins, or a mark before it does.</summary>
    public (long Sequence, long Offset) Floor(long sequence)
    {
        var (low, high) = (0, _index.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (First + _index[middle].Record <= sequence)
                low = middle + 1;
            else
                high = middle;
        }
        return low == 0 ? (First, SegmentHeader.Bytes) : (First + _index[low - 1].Record, _index[low - 1].Offset);
    }

    /// <summary>Forgets the records from <paramref name="sequence"/> on, which began at <paramref name="offset"/>.</summary>
    public void Cut(long sequence, long offset)
    {
        (Next, Length) = (sequence, offset);
        while (_index.Count > 0 && _index[^1].Offset >= offset)
            _index.RemoveAt(_index.Count - 1);
    }

    /// <summary>Forgets everything that was noted, to be seen again.</summary>
    public void Forget()
    {
        Cut(First, SegmentHeader.Bytes);
        IsIndexed = false;
    }
}
