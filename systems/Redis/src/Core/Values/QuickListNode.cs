namespace Microcosm.Redis;

/// <summary>A node of a quicklist: a listpack of elements, or one huge element by itself.</summary>
internal sealed class QuickListNode
{
    public QuickListNode(Listpack packed)
    {
        Packed = packed;
        Count = packed.Count;
    }

    public QuickListNode(byte[] plain)
    {
        Plain = plain;
        Count = 1;
    }

    public QuickListNode? Previous { get; set; }

    public QuickListNode? Next { get; set; }

    /// <summary>The elements, or null in a plain node.</summary>
    public Listpack? Packed { get; }

    /// <summary>The one element of a plain node, or null.</summary>
    public byte[]? Plain { get; set; }

    /// <summary>Number of elements; kept here, since counting walks.</summary>
    public int Count { get; set; }

    /// <summary>Bytes of the listpack or of the plain element.</summary>
    public int Bytes => Packed?.TotalBytes ?? Plain!.Length;

    /// <summary>Whether an element of that size goes in here (<c>list-max-listpack-size</c>).</summary>
    public bool HasRoom(int bytes, EncodingLimits limits) =>
        Packed is not null && bytes < limits.ListPackedThreshold && Fits((long)Bytes + bytes + 8, Count + 1, limits.ListMaxListpackSize);

    /// <summary>Whether two neighbours would make one node.</summary>
    public bool MergesWith(QuickListNode? other, EncodingLimits limits) =>
        Packed is not null && other?.Packed is not null
        && Fits((long)Bytes + other.Bytes - 11, Count + other.Count, limits.ListMaxListpackSize);

    // Size classes bound the bytes; a bound on the number of elements is held only up to 8 KiB.
    private static bool Fits(long bytes, int count, int limit) =>
        limit < 0 ? bytes <= 4096L << (Math.Min(-limit, 5) - 1) : bytes <= 8192 && count <= limit;
}
