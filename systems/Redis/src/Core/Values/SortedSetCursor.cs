namespace Microcosm.Redis;

/// <summary>A place in a sorted set: a member, or none. Void after a change.</summary>
internal readonly struct SortedSetCursor
{
    private readonly Listpack? _packed;
    private readonly ScoreLeaf? _leaf;

    // Position in the listpack or index in the leaf.
    private readonly int _at;

    public SortedSetCursor(Listpack packed, int at) => (_packed, _at) = (packed, at);

    public SortedSetCursor(ScoreLeaf leaf, int index) => (_leaf, _at) = (leaf, index);

    public bool IsNone => _leaf is null && _packed is null;

    public Element Member => _leaf is not null ? new Element(SortedSetItem.KeyOf(_leaf.Item(_at))) : _packed![_at];

    public double Score => _leaf?.Score(_at) ?? ToScore(PackedScore);

    /// <summary>The score as it is stored; only of a listpack.</summary>
    public Element PackedScore => _packed![_packed.Next(_at)];

    /// <summary>The stored item; only of a set that is no listpack.</summary>
    public byte[] Item => _leaf!.Item(_at);

    public SortedSetCursor Next()
    {
        if (_leaf is not null)
        {
            if (_at + 1 < _leaf.Total)
                return new SortedSetCursor(_leaf, _at + 1);
            return _leaf.Next is { } right ? new SortedSetCursor(right, 0) : default;
        }
        var at = _packed!.Next(_packed.Next(_at));
        return at >= 0 ? new SortedSetCursor(_packed, at) : default;
    }

    public SortedSetCursor Previous()
    {
        if (_leaf is not null)
        {
            if (_at > 0)
                return new SortedSetCursor(_leaf, _at - 1);
            return _leaf.Previous is { } left ? new SortedSetCursor(left, left.Total - 1) : default;
        }
        var score = _packed!.Previous(_at);
        return score >= 0 ? new SortedSetCursor(_packed, _packed.Previous(score)) : default;
    }

    /// <summary>The next in either direction.</summary>
    public SortedSetCursor Step(bool reverse) => reverse ? Previous() : Next();

    /// <summary>A score as a listpack holds it.</summary>
    public static double ToScore(Element element)
    {
        if (element.IsInteger)
            return element.Integer;
        return RedisNumber.TryParse(element.Bytes, out double score) ? score : 0;
    }
}
