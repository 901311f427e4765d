namespace Microcosm.Chubby.Etcd;

/// <summary>
/// The numbers of bbolt's file format, version 2. All are little-endian. A page begins with id u64, flags u16, count u16 and the number of
/// pages that it takes beyond its first, u32. Elements follow, 16 bytes each, then keys and values; offsets count from the element.
/// </summary>
internal static class BoltFormat
{
    public const uint Magic = 0xED0CDAED;
    public const uint FormatVersion = 2;
    public const int PageBytes = 4096;
    public const int PageHeadBytes = 16;
    public const int ElementBytes = 16;

    public const ushort BranchPage = 0x01;
    public const ushort LeafPage = 0x02;
    public const ushort MetaPage = 0x04;
    public const ushort FreelistPage = 0x10;

    /// <summary>Of a leaf's element: the value is a bucket (root page u64, sequence u64; with root 0 its page follows).</summary>
    public const uint BucketElement = 0x01;
    public const int BucketBytes = 16;

    /// <summary>A meta page's body: magic u32, version u32, page size u32, flags u32, root bucket, free list's page u64, first page that
    /// was never used u64, transaction u64, checksum u64.</summary>
    public const int MetaBytes = 64;

    /// <summary>Free pages are found by looking which are not in use.</summary>
    public const ulong NoFreelist = ulong.MaxValue;

    /// <summary>FNV-1a of 64 bits, over a meta page's body before its checksum.</summary>
    public static ulong Checksum(ReadOnlySpan<byte> meta)
    {
        var sum = 0xcbf29ce484222325;
        foreach (var b in meta[..(MetaBytes - sizeof(ulong))])
            sum = (sum ^ b) * 0x100000001b3;
        return sum;
    }
}
