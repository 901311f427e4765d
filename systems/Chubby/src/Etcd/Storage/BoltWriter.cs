using System.Buffers.Binary;
using System.Text;
using Microcosm.Runtime;
using static Microcosm.Chubby.Etcd.BoltFormat;

namespace Microcosm.Chubby.Etcd;

/// <summary>
/// A bbolt file, made from front to back: two meta pages, an empty free list, the root bucket, then each bucket's leaves and above them its
/// branches, its root last. Where each page lies is planned first, from the lengths of pairs alone.
/// </summary>
internal sealed class BoltWriter
{
    private const int Freelist = 2;
    private const int Root = 3;

    // A branch has two children however long their keys are (bbolt's minKeysPerPage): otherwise levels would have no end.
    private const int ChildrenMin = 2;

    // Pairs that are looked at, or written, between two turns of the node.
    private const int PairsATurn = 1000;

    private readonly List<PlannedBucket> _buckets = [];
    private ulong _end = Root + 1;

    private BoltWriter()
    {
    }

    /// <summary>Length of the file.</summary>
    public long Bytes => (long)_end * PageBytes;

    /// <summary>Plans a file; other work of the node goes on meanwhile.</summary>
    /// <param name="buckets">In the order of names.</param>
    public static async ValueTask<BoltWriter> PlanAsync(IEnumerable<BoltBucket> buckets)
    {
        var writer = new BoltWriter();
        foreach (var bucket in buckets)
            writer._buckets.Add(new PlannedBucket(bucket, await writer.LevelsAsync(bucket)));
        return writer;
    }

    /// <summary>The file's pages; each is made when it is asked for.</summary>
    public IEnumerable<byte[]> Pages()
    {
        // The meta page of the later transaction counts; both are whole.
        yield return Meta(0);
        yield return Meta(1);
        yield return Page(Freelist, FreelistPage, 1, []);
        var roots = _buckets
            .Select(b => new Element(Encoding.ASCII.GetBytes(b.Bucket.Name), BucketHead(b.Root), BucketElement, 0)).ToArray();
        Invariant.Check(PageHeadBytes + roots.Sum(r => r.Bytes) <= PageBytes, "the root bucket has one page");
        yield return Page(Root, LeafPage, 1, roots);
        foreach (var bucket in _buckets)
        {
            foreach (var page in bucket.Levels[0])
            {
                var pairs = Enumerable.Range(page.First, page.Count).Select(bucket.Bucket.PairAt);
                yield return Page(page.Id, LeafPage, page.Pages, [.. pairs.Select(p => new Element(p.Key, p.Value, 0, 0))]);
            }
            for (var level = 1; level < bucket.Levels.Count; level++)
            {
                var below = bucket.Levels[level - 1];
                foreach (var page in bucket.Levels[level])
                {
                    var children = Enumerable.Range(page.First, page.Count).Select(i => below[i]);
                    yield return Page(page.Id, BranchPage, page.Pages,
                        [.. children.Select(c => new Element(bucket.KeyOf(c), default, 0, c.Id))]);
                }
            }
        }
    }

    private async ValueTask<List<List<PlannedPage>>> LevelsAsync(BoltBucket bucket)
    {
        List<List<PlannedPage>> levels = [];
        var level = new List<PlannedPage>();
        var page = new PlannedPage(_end, 0, 0, 0, PageHeadBytes);
        for (var i = 0; i < bucket.Count; i++)
        {
            page = Add(level, page, i, i, bucket.BytesOf(i), countMin: 1);
            if ((i + 1) % PairsATurn == 0)
                await Task.Yield();
        }
        End(level, page);
        levels.Add(level);
        while (level.Count > 1)
        {
            var below = level;
            level = [];
            page = new PlannedPage(_end, 0, below[0].FirstPair, 0, PageHeadBytes);
            for (var i = 0; i < below.Count; i++)
                page = Add(level, page, i, below[i].FirstPair, bucket.PairAt(below[i].FirstPair).Key.Length, ChildrenMin);
            End(level, page);
            levels.Add(level);
        }
        return levels;
    }

    // Puts an element on the page, or on the next one if there is no room; what no page holds gets as many as it takes.
    private PlannedPage Add(List<PlannedPage> level, PlannedPage page, int index, int firstPair, int bytes, int countMin)
    {
        if (page.Count >= countMin && page.Bytes + ElementBytes + bytes > PageBytes)
        {
            End(level, page);
            page = new PlannedPage(_end, index, firstPair, 0, PageHeadBytes);
        }
        return page with { Count = page.Count + 1, Bytes = page.Bytes + ElementBytes + bytes };
    }

    private void End(List<PlannedPage> level, PlannedPage page)
    {
        level.Add(page);
        _end += (ulong)page.Pages;
    }

    private byte[] Meta(ulong page)
    {
        var bytes = Page(page, MetaPage, 1, []);
        var meta = bytes.AsSpan(PageHeadBytes, MetaBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(meta, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(meta[4..], FormatVersion);
        BinaryPrimitives.WriteUInt32LittleEndian(meta[8..], PageBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(meta[16..], Root);
        BinaryPrimitives.WriteUInt64LittleEndian(meta[32..], Freelist);
        BinaryPrimitives.WriteUInt64LittleEndian(meta[40..], _end);
        BinaryPrimitives.WriteUInt64LittleEndian(meta[48..], page);
        BinaryPrimitives.WriteUInt64LittleEndian(meta[56..], Checksum(meta));
        return bytes;
    }

    private static byte[] BucketHead(ulong root)
    {
        var head = new byte[BucketBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(head, root);
        return head;
    }

    private static byte[] Page(ulong id, ushort flags, int pages, IReadOnlyCollection<Element> elements)
    {
        var bytes = new byte[pages * PageBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, id);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), flags);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(10), (ushort)elements.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), (uint)pages - 1);
        var at = PageHeadBytes;
        var data = at + (elements.Count * ElementBytes);
        foreach (var element in elements)
        {
            var head = bytes.AsSpan(at, ElementBytes);
            // A branch's element has its offset first and no flags.
            var rest = flags == LeafPage ? head[4..] : head;
            if (flags == LeafPage)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(head, element.Flags);
                BinaryPrimitives.WriteUInt32LittleEndian(head[12..], (uint)element.Value.Length);
            }
            else
            {
                BinaryPrimitives.WriteUInt64LittleEndian(head[8..], element.Child);
            }
            BinaryPrimitives.WriteUInt32LittleEndian(rest, (uint)(data - at));
            BinaryPrimitives.WriteUInt32LittleEndian(rest[4..], (uint)element.Key.Length);
            element.Key.Span.CopyTo(bytes.AsSpan(data));
            element.Value.Span.CopyTo(bytes.AsSpan(data + element.Key.Length));
            at += ElementBytes;
            data += element.Key.Length + element.Value.Length;
        }
        return bytes;
    }

    private readonly record struct Element(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value, uint Flags, ulong Child)
    {
        public int Bytes => ElementBytes + Key.Length + Value.Length;
    }

    // First and Count are of pairs on a leaf, of the level below on a branch.
    private readonly record struct PlannedPage(ulong Id, int First, int FirstPair, int Count, int Bytes)
    {
        public int Pages => (Bytes + PageBytes - 1) / PageBytes;
    }

    private sealed record PlannedBucket(BoltBucket Bucket, List<List<PlannedPage>> Levels)
    {
        public ulong Root => Levels[^1][0].Id;

        public ReadOnlyMemory<byte> KeyOf(PlannedPage page) => Bucket.PairAt(page.FirstPair).Key;
    }
}
