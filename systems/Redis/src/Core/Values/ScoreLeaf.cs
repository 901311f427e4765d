namespace Microcosm.Redis;

/// <summary>A leaf of a <see cref="ScoreTree"/>: items in order of score, then of member; linked with its neighbours.</summary>
internal sealed class ScoreLeaf : ScoreNode
{
    /// <summary>Most items of a leaf.</summary>
    public const int CountMax = 64;

    private const int CountMin = 8;

    private double[] _scores = new double[CountMin];
    private byte[][] _items = new byte[CountMin][];
    private int _count;

    public override int Total => _count;

    public ScoreLeaf? Next { get; private set; }

    public ScoreLeaf? Previous { get; private set; }

    public double Score(int index) => _scores[index];

    /// <summary>A <see cref="SortedSetItem"/>.</summary>
    public byte[] Item(int index) => _items[index];

    public override (double Score, byte[] Item) First => (_scores[0], _items[0]);

    public override ScoreNode? Insert(double score, byte[] item)
    {
        var index = LowerBound(new MemberBound(score, SortedSetItem.KeyOf(item)));
        ScoreLeaf? right = null;
        if (_count == CountMax)
        {
            // What comes in ascending order leaves full leaves behind.
            right = SplitAt(index == _count && Next is null ? _count : _count / 2);
            if (index > _count || right._count == 0)
            {
                right.InsertAt(index - _count, score, item);
                return right;
            }
        }
        InsertAt(index, score, item);
        return right;
    }

    public override bool Remove(double score, ReadOnlySpan<byte> member)
    {
        var index = LowerBound(new MemberBound(score, member));
        if (index == _count || _scores[index] != score || !SortedSetItem.KeyOf(_items[index]).SequenceEqual(member))
            return false;
        _count--;
        _scores.AsSpan(index + 1, _count - index).CopyTo(_scores.AsSpan(index));
        _items.AsSpan(index + 1, _count - index).CopyTo(_items.AsSpan(index));
        _items[_count] = null!;
        return true;
    }

    public override int LowerBound<TBound>(TBound bound)
    {
        int low = 0, high = _count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (bound.IsBefore(_scores[middle], _items[middle]))
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    public override bool TryMerge(ScoreNode right, (double Score, byte[] Item) first)
    {
        var other = (ScoreLeaf)right;
        if (_count + other._count > CountMax / 2)
            return false;
        for (var i = 0; i < other._count; i++)
            InsertAt(_count, other._scores[i], other._items[i]);
        other.Unlink();
        return true;
    }

    public override void Unlink()
    {
        if (Next is not null)
            Next.Previous = Previous;
        if (Previous is not null)
            Previous.Next = Next;
    }

    private void InsertAt(int index, double score, byte[] item)
    {
        if (_count == _scores.Length)
        {
            Array.Resize(ref _scores, _count * 2);
            Array.Resize(ref _items, _count * 2);
        }
        _scores.AsSpan(index, _count - index).CopyTo(_scores.AsSpan(index + 1));
        _items.AsSpan(index, _count - index).CopyTo(_items.AsSpan(index + 1));
        _scores[index] = score;
        _items[index] = item;
        _count++;
    }

    private ScoreLeaf SplitAt(int index)
    {
        var right = new ScoreLeaf { Next = Next, Previous = this };
        if (Next is not null)
            Next.Previous = right;
        Next = right;
        for (var i = index; i < _count; i++)
            right.InsertAt(i - index, _scores[i], _items[i]);
        _items.AsSpan(index, _count - index).Clear();
        _count = index;
        return right;
    }
}
