namespace Microcosm.Redis;

/// <summary>An inner node of a <see cref="ScoreTree"/>: children with a lower bound each, and the number of items below.</summary>
internal sealed class ScoreBranch : ScoreNode
{
    private const int CountMax = 32;

    private readonly ScoreNode[] _children = new ScoreNode[CountMax];
    private readonly (double Score, byte[] Item)[] _firsts = new (double, byte[])[CountMax];
    private int _count;
    private int _total;

    public ScoreBranch(ScoreNode left, ScoreNode right)
    {
        InsertChild(0, left);
        InsertChild(1, right);
    }

    private ScoreBranch()
    {
    }

    public override int Total => _total;

    public override (double Score, byte[] Item) First => _firsts[0];

    /// <summary>The only child, or null: then this node is of no use.</summary>
    public ScoreNode? OnlyChild => _count == 1 ? _children[0] : null;

    public override ScoreNode? Insert(double score, byte[] item)
    {
        var index = ChildBefore(new MemberBound(score, SortedSetItem.KeyOf(item), behind: true));
        var split = _children[index].Insert(score, item);
        _total++;
        if (split is null)
            return null;
        _total -= split.Total;
        ScoreBranch? right = null;
        var target = this;
        if (_count == CountMax)
        {
            right = SplitAt(index == _count - 1 ? _count - 1 : _count / 2);
            if (index >= _count)
            {
                index -= _count;
                target = right;
            }
        }
        target.InsertChild(index + 1, split);
        return right;
    }

    public override bool Remove(double score, ReadOnlySpan<byte> member)
    {
        var index = ChildBefore(new MemberBound(score, member, behind: true));
        if (!_children[index].Remove(score, member))
            return false;
        _total--;
        if (_children[index].Total == 0)
        {
            if (_count > 1)
            {
                _children[index].Unlink();
                RemoveChild(index);
            }
            return true;
        }
        if (index > 0 && _children[index - 1].TryMerge(_children[index], _firsts[index]))
            RemoveChild(index);
        else if (index + 1 < _count && _children[index].TryMerge(_children[index + 1], _firsts[index + 1]))
            RemoveChild(index + 1);
        return true;
    }

    public override int LowerBound<TBound>(TBound bound)
    {
        var index = ChildBefore(bound);
        var before = 0;
        for (var i = 0; i < index; i++)
            before += _children[i].Total;
        return before + _children[index].LowerBound(bound);
    }

    /// <summary>The leaf with the item of a rank, and its index there.</summary>
    public ScoreLeaf LeafAt(ref int rank)
    {
        var node = this;
        while (true)
        {
            var index = 0;
            while (rank >= node._children[index].Total && index < node._count - 1)
                rank -= node._children[index++].Total;
            if (node._children[index] is ScoreLeaf leaf)
                return leaf;
            node = (ScoreBranch)node._children[index];
        }
    }

    public override bool TryMerge(ScoreNode right, (double Score, byte[] Item) first)
    {
        var other = (ScoreBranch)right;
        if (_count + other._count > CountMax / 2)
            return false;
        // A first child's own bound may be above its items; the parent's is not.
        for (var i = 0; i < other._count; i++)
            InsertChild(_count, other._children[i], i == 0 ? first : other._firsts[i]);
        return true;
    }

    public override void Unlink()
    {
        for (var i = 0; i < _count; i++)
            _children[i].Unlink();
    }

    private int ChildBefore<TBound>(TBound bound)
        where TBound : struct, IScoreBound, allows ref struct
    {
        int low = 1, high = _count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (bound.IsBefore(_firsts[middle].Score, _firsts[middle].Item))
                low = middle + 1;
            else
                high = middle;
        }
        return low - 1;
    }

    private void InsertChild(int index, ScoreNode child) => InsertChild(index, child, child.First);

    private void InsertChild(int index, ScoreNode child, (double Score, byte[] Item) first)
    {
        _children.AsSpan(index, _count - index).CopyTo(_children.AsSpan(index + 1));
        _firsts.AsSpan(index, _count - index).CopyTo(_firsts.AsSpan(index + 1));
        _children[index] = child;
        _firsts[index] = first;
        _count++;
        _total += child.Total;
    }

    private void RemoveChild(int index)
    {
        _count--;
        _children.AsSpan(index + 1, _count - index).CopyTo(_children.AsSpan(index));
        _firsts.AsSpan(index + 1, _count - index).CopyTo(_firsts.AsSpan(index));
        _children[_count] = null!;
        _firsts[_count] = default;
    }

    private ScoreBranch SplitAt(int index)
    {
        var right = new ScoreBranch();
        for (var i = index; i < _count; i++)
            right.InsertChild(i - index, _children[i], _firsts[i]);
        _children.AsSpan(index, _count - index).Clear();
        _firsts.AsSpan(index, _count - index).Clear();
        _count = index;
        _total -= right._total;
        return right;
    }
}
