using System.Buffers.Binary;
using System.Text;
using static Microcosm.Chubby.Etcd.BoltFormat;

namespace Microcosm.Chubby.Etcd;

/// <summary>Reads a bbolt file that is in memory. What is not one, or is damaged, throws <see cref="InvalidDataException"/>.</summary>
internal sealed class BoltReader
{
    // No file that fits in memory has more levels; one that has runs in circles.
    private const int DepthMax = 16;

    private readonly ReadOnlyMemory<byte> _file;
    private readonly int _pageBytes;
    private readonly Dictionary<string, ReadOnlyMemory<byte>> _buckets = new(StringComparer.Ordinal);

    public BoltReader(ReadOnlyMemory<byte> file)
    {
        _file = file;
        var metas = new[] { 0, PageBytes }.Select(MetaAt).Where(m => m.HasValue).Select(m => m!.Value).ToArray();
        // A file of another page size has its second meta page elsewhere; the first one says so.
        if (metas is [var only] && only.PageBytes != PageBytes && MetaAt(only.PageBytes) is { } second)
            metas = [only, second];
        if (metas.Length == 0)
            throw new InvalidDataException("not a bbolt file: neither meta page is valid");
        var meta = metas.MaxBy(m => m.Transaction);
        _pageBytes = meta.PageBytes;
        foreach (var (flags, pair) in Elements(PageAt(meta.Root), 0))
        {
            if ((flags & BucketElement) != 0)
                _buckets[Encoding.ASCII.GetString(pair.Key.Span)] = pair.Value;
        }
    }

    /// <summary>The pairs of a bucket in the order of keys; none if it is missing.</summary>
    public IEnumerable<BoltPair> Bucket(string name)
    {
        if (!_buckets.TryGetValue(name, out var bucket))
            return [];
        if (bucket.Length < BucketBytes)
            throw Damaged("a bucket is cut off");
        var root = BinaryPrimitives.ReadUInt64LittleEndian(bucket.Span);
        return Elements(root == 0 ? bucket[BucketBytes..] : PageAt(root), 0).Select(e => e.Pair);
    }

    private IEnumerable<(uint Flags, BoltPair Pair)> Elements(ReadOnlyMemory<byte> page, int depth)
    {
        if (page.Length < PageHeadBytes || depth > DepthMax)
            throw Damaged("a page is cut off, or its own parent");
        var flags = BinaryPrimitives.ReadUInt16LittleEndian(page.Span[8..]);
        if (flags is not (LeafPage or BranchPage))
            throw Damaged($"a page with flags {flags:x}");
        var count = BinaryPrimitives.ReadUInt16LittleEndian(page.Span[10..]);
        for (var i = 0; i < count; i++)
        {
            var element = Slice(page, PageHeadBytes + (i * ElementBytes), page.Length - PageHeadBytes - (i * ElementBytes));
            if (element.Length < ElementBytes)
                throw Damaged("a page has more elements than room");
            if (flags == LeafPage)
            {
                yield return Leaf(element);
                continue;
            }
            foreach (var below in Elements(PageAt(BinaryPrimitives.ReadUInt64LittleEndian(element.Span[8..])), depth + 1))
                yield return below;
        }
    }

    private static (uint Flags, BoltPair Pair) Leaf(ReadOnlyMemory<byte> element)
    {
        var head = element.Span;
        var at = BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
        var keyBytes = BinaryPrimitives.ReadUInt32LittleEndian(head[8..]);
        var valueBytes = BinaryPrimitives.ReadUInt32LittleEndian(head[12..]);
        return (BinaryPrimitives.ReadUInt32LittleEndian(head),
            new BoltPair(Slice(element, at, keyBytes), Slice(element, (long)at + keyBytes, valueBytes)));
    }

    private ReadOnlyMemory<byte> PageAt(ulong id)
    {
        if (id >= (ulong)(_file.Length / _pageBytes))
            throw Damaged($"page {id} lies outside of the file");
        var at = (int)id * _pageBytes;
        var overflow = BinaryPrimitives.ReadUInt32LittleEndian(_file.Span[(at + 12)..]);
        return Slice(_file, at, (1L + overflow) * _pageBytes);
    }

    private (int PageBytes, ulong Root, ulong Transaction)? MetaAt(int at)
    {
        if (_file.Length < at + PageHeadBytes + MetaBytes)
            return null;
        var meta = _file.Span.Slice(at + PageHeadBytes, MetaBytes);
        if (BinaryPrimitives.ReadUInt32LittleEndian(meta) != Magic || BinaryPrimitives.ReadUInt32LittleEndian(meta[4..]) != FormatVersion
            || BinaryPrimitives.ReadUInt64LittleEndian(meta[56..]) != Checksum(meta))
            return null;
        var pageBytes = BinaryPrimitives.ReadUInt32LittleEndian(meta[8..]);
        if (pageBytes is < 512 or > 65_536)
            return null;
        return ((int)pageBytes, BinaryPrimitives.ReadUInt64LittleEndian(meta[16..]), BinaryPrimitives.ReadUInt64LittleEndian(meta[48..]));
    }

    private static ReadOnlyMemory<byte> Slice(ReadOnlyMemory<byte> bytes, long at, long length) =>
        at + length <= bytes.Length ? bytes.Slice((int)at, (int)length) : throw Damaged("something reaches beyond the end of its page");

    private static InvalidDataException Damaged(string what) => new($"a damaged bbolt file: {what}");
}
