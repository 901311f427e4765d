using Microcosm.Runtime;

namespace Microcosm.Redis;

/// <summary>
/// A linked list of listpacks: short enough to edit, long enough to be compact. Elements beyond a threshold are nodes by themselves.
/// Invariants: no node is empty; <see cref="Count"/> and <see cref="Bytes"/> are the sums of the nodes'.
/// </summary>
internal sealed class QuickList
{
    public QuickListNode? Head { get; private set; }

    public QuickListNode? Tail { get; private set; }

    /// <summary>Number of elements.</summary>
    public int Count { get; private set; }

    public int Nodes { get; private set; }

    /// <summary>Sum of the nodes' bytes.</summary>
    public long Bytes { get; private set; }

    public QuickListCursor First => QuickListCursor.FirstOf(Head);

    public QuickListCursor Last => QuickListCursor.LastOf(Tail);

    /// <summary>The element at an index from 0, or from -1 backwards. Walks nodes from the nearer end.</summary>
    public QuickListCursor At(long index)
    {
        if (index < 0)
            index += Count;
        if (index < 0 || index >= Count)
            return default;
        QuickListNode? node;
        if (index < Count / 2)
        {
            for (node = Head; index >= node!.Count; node = node.Next)
                index -= node.Count;
            return new QuickListCursor(node, node.Packed?.Seek((int)index) ?? 0);
        }
        index = Count - 1 - index;
        for (node = Tail; index >= node!.Count; node = node.Previous)
            index -= node.Count;
        return new QuickListCursor(node, node.Packed?.Seek(-1 - (int)index) ?? 0);
    }

    public void PushHead(ReadOnlySpan<byte> value, EncodingLimits limits)
    {
        if (Head?.HasRoom(value.Length, limits) == true)
            InsertAt(Head, Listpack.HeadBytes, value);
        else
            AddEnd(NewNode(value, limits), Head, null, Head);
    }

    public void PushTail(ReadOnlySpan<byte> value, EncodingLimits limits)
    {
        if (Tail?.HasRoom(value.Length, limits) == true)
            InsertAt(Tail, Tail.Bytes - 1, value);
        else
            AddEnd(NewNode(value, limits), Tail, Tail, null);
    }

    /// <summary>Adds a whole node behind the others; for loading. The listpack is the list's from now on.</summary>
    public void AppendNode(Listpack packed) => Link(new QuickListNode(packed), Tail, null);

    /// <summary>Adds a plain node behind the others; for loading.</summary>
    public void AppendNode(byte[] plain) => Link(new QuickListNode(plain), Tail, null);

    /// <summary>Inserts next to an element.</summary>
    public void Insert(QuickListCursor place, ReadOnlySpan<byte> value, bool after, EncodingLimits limits)
    {
        var node = place.Node!;
        var atEdge = after ? place.IsTail : place.IsHead;
        if (node.HasRoom(value.Length, limits))
        {
            InsertAt(node, !after ? place.At : place.IsTail ? node.Bytes - 1 : node.Packed!.Next(place.At), value);
            return;
        }
        var neighbour = after ? node.Next : node.Previous;
        if (atEdge && neighbour?.HasRoom(value.Length, limits) == true)
        {
            InsertAt(neighbour, after ? Listpack.HeadBytes : neighbour.Bytes - 1, value);
            return;
        }
        if (!atEdge)
            Split(node, after ? node.Packed!.Next(place.At) : place.At);
        var left = after || !atEdge ? node : node.Previous;
        var right = left is null ? Head : left.Next;
        var inserted = NewNode(value, limits);
        Link(inserted, left, right);
        if (!atEdge)
            MergeAround(inserted, limits);
    }

    /// <summary>Replaces an element.</summary>
    public void Replace(QuickListCursor place, ReadOnlySpan<byte> value, EncodingLimits limits)
    {
        var isLarge = value.Length >= limits.ListPackedThreshold;
        if (place.Node!.Packed is { } packed && !isLarge)
        {
            Bytes -= packed.TotalBytes;
            packed.Replace(place.At, value);
            Bytes += packed.TotalBytes;
        }
        else if (place.Node.Plain is { } plain && isLarge)
        {
            Bytes += value.Length - plain.Length;
            place.Node.Plain = value.ToArray();
        }
        else
        {
            var (before, after) = (place.IsHead ? place.Node.Previous : null, place.IsHead ? place.Node : null);
            if (!place.IsHead)
            {
                before = place.Node;
                after = Split(place.Node, place.At);
            }
            // What is replaced is the first element of the node behind the new one.
            Link(NewNode(value, limits), before, after);
            Delete(QuickListCursor.FirstOf(after));
        }
    }

    /// <summary>Deletes an element; returns the one behind it.</summary>
    public QuickListCursor Delete(QuickListCursor place)
    {
        var node = place.Node!;
        if (node.Count == 1)
        {
            Unlink(node);
            return QuickListCursor.FirstOf(node.Next);
        }
        Bytes -= node.Bytes;
        var at = node.Packed!.Delete(place.At);
        Bytes += node.Bytes;
        node.Count--;
        Count--;
        return at >= 0 ? new QuickListCursor(node, at) : QuickListCursor.FirstOf(node.Next);
    }

    /// <summary>Deletes elements from an index in [0, Count) on.</summary>
    public void DeleteRange(long start, long count)
    {
        count = Math.Min(count, Count - start);
        for (var place = count > 0 ? At(start) : default; count > 0;)
        {
            var node = place.Node!;
            var next = node.Next;
            var before = Count;
            if (place.IsHead && node.Count <= count)
            {
                Unlink(node);
            }
            else
            {
                Bytes -= node.Bytes;
                node.Packed!.Delete(place.At, (int)Math.Min(count, node.Count));
                Bytes += node.Bytes;
                var left = node.Packed.Count;
                Count -= node.Count - left;
                node.Count = left;
            }
            count -= before - Count;
            place = QuickListCursor.FirstOf(next);
        }
    }

    public QuickList Clone()
    {
        var copy = new QuickList();
        for (var node = Head; node is not null; node = node.Next)
        {
            var same = node.Packed is { } packed ? new QuickListNode(packed.Clone()) : new QuickListNode(node.Plain!.ToArray());
            copy.Link(same, copy.Tail, null);
        }
        return copy;
    }

    // A node that is no longer an end will hardly grow.
    private void AddEnd(QuickListNode node, QuickListNode? full, QuickListNode? left, QuickListNode? right)
    {
        full?.Packed?.Trim();
        Link(node, left, right);
    }

    private void InsertAt(QuickListNode node, int at, ReadOnlySpan<byte> value)
    {
        Bytes -= node.Bytes;
        node.Packed!.Insert(at, value);
        Bytes += node.Bytes;
        node.Count++;
        Count++;
    }

    // Moves the elements from a position on into a node of their own behind this one.
    private QuickListNode Split(QuickListNode node, int at)
    {
        Bytes -= node.Bytes;
        var tail = new QuickListNode(node.Packed!.SplitOff(at));
        Bytes += node.Bytes;
        node.Count -= tail.Count;
        Count -= tail.Count;
        Link(tail, node, node.Next);
        return tail;
    }

    // A split leaves short nodes; they join their neighbours where they fit.
    private void MergeAround(QuickListNode center, EncodingLimits limits)
    {
        var (left, right) = (center.Previous, center.Next);
        if (left?.Previous?.MergesWith(left, limits) == true)
            left = Merge(left.Previous, left);
        if (right?.MergesWith(right.Next, limits) == true)
            Merge(right, right.Next!);
        if (left?.MergesWith(center, limits) == true)
            center = Merge(left, center);
        if (center.MergesWith(center.Next, limits))
            Merge(center, center.Next!);
    }

    private QuickListNode Merge(QuickListNode left, QuickListNode right)
    {
        Bytes -= left.Bytes;
        left.Packed!.AppendAll(right.Packed!);
        Bytes += left.Bytes;
        left.Count += right.Count;
        Count += right.Count;
        Unlink(right);
        return left;
    }

    private static QuickListNode NewNode(ReadOnlySpan<byte> value, EncodingLimits limits)
    {
        if (value.Length >= limits.ListPackedThreshold)
            return new QuickListNode(value.ToArray());
        var packed = new Listpack();
        packed.Append(value);
        return new QuickListNode(packed);
    }

    private void Link(QuickListNode node, QuickListNode? left, QuickListNode? right)
    {
        Invariant.Check(node.Count > 0);
        (node.Previous, node.Next) = (left, right);
        if (left is null)
            Head = node;
        else
            left.Next = node;
        if (right is null)
            Tail = node;
        else
            right.Previous = node;
        Count += node.Count;
        Bytes += node.Bytes;
        Nodes++;
    }

    // The node keeps its own links, so that walks can go on from it.
    private void Unlink(QuickListNode node)
    {
        if (node.Previous is null)
            Head = node.Next;
        else
            node.Previous.Next = node.Next;
        if (node.Next is null)
            Tail = node.Previous;
        else
            node.Next.Previous = node.Previous;
        Count -= node.Count;
        Bytes -= node.Bytes;
        Nodes--;
    }
}
