namespace Microcosm.Redis;

/// <summary>
/// A sorted set: members and scores in turn, in order, in a listpack while it is small; then a table from member to score and a tree in
/// order, which takes the place of Redis' skip list. Ranges of every kind are ranges of ranks.
/// Invariant: table and tree hold the same items.
/// </summary>
internal sealed class SortedSetObject : RedisObject
{
    private Listpack? _packed;
    private ByteTable<SortedSetItem>? _table;
    private ScoreTree? _tree;

    public SortedSetObject()
        : this(new Listpack())
    {
    }

    /// <summary>Takes over members and scores in turn, in order.</summary>
    public SortedSetObject(Listpack packed) => _packed = packed;

    private SortedSetObject(ByteTable<SortedSetItem> table, ScoreTree tree) => (_table, _tree) = (table, tree);

    /// <summary>Members and scores in turn, or null when it is a table and a tree.</summary>
    public Listpack? Packed => _packed;

    /// <summary>Members with their scores, or null while it is a listpack.</summary>
    public ByteTable<SortedSetItem>? Table => _table;

    public override RedisType Type => RedisType.SortedSet;

    public override string Encoding => _packed is not null ? "listpack" : "skiplist";

    public override int Count => _packed is not null ? _packed.Count / 2 : _table!.Count;

    public override long MemoryBytes =>
        _packed is not null ? 16 + _packed.TotalBytes : 16 + _table!.PayloadBytes + _table.Buckets * 8L + Count * 70L;

    public override RedisObject Clone()
    {
        if (_packed is not null)
            return new SortedSetObject(_packed.Clone());
        var tree = new ScoreTree();
        for (var place = Seek(0); !place.IsNone; place = place.Next())
            tree.Insert(place.Item);
        return new SortedSetObject(_table!.Clone(), tree);
    }

    /// <summary>A sorted set that is a table from the start; for loading large ones.</summary>
    public static SortedSetObject NewTable(EncodingLimits limits) => new(new ByteTable<SortedSetItem>(limits.HashSeed), new ScoreTree());

    /// <summary>Makes a sorted set of a table, in the encoding that suits it. The table is the set's from now on.</summary>
    public static SortedSetObject FromTable(ByteTable<SortedSetItem> table, EncodingLimits limits)
    {
        var tree = new ScoreTree();
        var longest = 0;
        for (var i = 0; i < table.Count; i++)
        {
            tree.Insert(table[i]);
            longest = Math.Max(longest, SortedSetItem.KeyOf(table[i]).Length);
        }
        var set = new SortedSetObject(table, tree);
        if (table.Count > limits.ZsetMaxListpackEntries || longest > limits.ZsetMaxListpackValue)
            return set;
        var packed = new SortedSetObject();
        for (var place = set.Seek(0); !place.IsNone; place = place.Next())
            packed.PutPacked(SortedSetItem.KeyOf(place.Item), place.Score, packed._packed!.TotalBytes - 1);
        return packed;
    }

    public bool TryGetScore(ReadOnlySpan<byte> member, out double score)
    {
        score = 0;
        if (_packed is not null)
        {
            var at = _packed.Find(member, _packed.First, 1);
            if (at < 0)
                return false;
            score = SortedSetCursor.ToScore(_packed[_packed.Next(at)]);
            return true;
        }
        var slot = _table!.Find(member);
        if (slot < 0)
            return false;
        score = SortedSetItem.ScoreOf(_table[slot]);
        return true;
    }

    /// <summary>Sets a member's score; true if the member is new.</summary>
    public bool Set(ReadOnlySpan<byte> member, double score, EncodingLimits limits)
    {
        if (_packed is not null)
        {
            var at = _packed.Find(member, _packed.First, 1);
            if (at >= 0)
            {
                _packed.Delete(at, 2);
                InsertPacked(member, score);
                return false;
            }
            if (Count + 1 <= limits.ZsetMaxListpackEntries && member.Length <= limits.ZsetMaxListpackValue
                && _packed.TotalBytes + (long)member.Length < Listpack.TotalBytesMax / 2)
            {
                InsertPacked(member, score);
                return true;
            }
            ConvertToTable(limits);
        }
        var item = SortedSetItem.Pack(member, score);
        var slot = _table!.Find(member);
        if (slot >= 0)
        {
            _tree!.Remove(SortedSetItem.ScoreOf(_table[slot]), member);
            _table.Replace(slot, item);
        }
        else
        {
            _table.Add(item);
        }
        _tree!.Insert(item);
        return slot < 0;
    }

    public bool Remove(ReadOnlySpan<byte> member)
    {
        if (_packed is not null)
        {
            var at = _packed.Find(member, _packed.First, 1);
            if (at >= 0)
                _packed.Delete(at, 2);
            return at >= 0;
        }
        var slot = _table!.Find(member);
        if (slot < 0)
            return false;
        _tree!.Remove(SortedSetItem.ScoreOf(_table[slot]), member);
        _table.RemoveAt(slot);
        return true;
    }

    /// <summary>Number of members before a bound.</summary>
    public int LowerBound<TBound>(TBound bound)
        where TBound : struct, IScoreBound, allows ref struct
    {
        if (_packed is null)
            return _tree!.LowerBound(bound);
        var rank = 0;
        Span<byte> scratch = stackalloc byte[Element.ScratchBytes];
        for (var place = Seek(0); !place.IsNone && bound.IsBefore(place.Score, place.Member.Text(scratch)); place = place.Next())
            rank++;
        return rank;
    }

    /// <summary>The member of a rank; none when out of range.</summary>
    public SortedSetCursor Seek(int rank)
    {
        if (rank < 0 || rank >= Count)
            return default;
        if (_packed is not null)
            return new SortedSetCursor(_packed, _packed.Seek(rank * 2));
        var leaf = _tree!.Seek(rank, out var index);
        return new SortedSetCursor(leaf, index);
    }

    /// <summary>Removes members from a rank on.</summary>
    public void RemoveRange(int rank, int count)
    {
        if (count <= 0)
            return;
        if (_packed is not null)
        {
            _packed.Delete(_packed.Seek(rank * 2), count * 2);
            return;
        }
        var items = new byte[count][];
        var place = Seek(rank);
        for (var i = 0; i < count; i++, place = place.Next())
            items[i] = place.Item;
        foreach (var item in items)
            Remove(SortedSetItem.KeyOf(item));
    }

    public void ConvertToTable(EncodingLimits limits)
    {
        if (_packed is null)
            return;
        var (table, tree) = (new ByteTable<SortedSetItem>(limits.HashSeed), new ScoreTree());
        Span<byte> scratch = stackalloc byte[Element.ScratchBytes];
        for (var place = Seek(0); !place.IsNone; place = place.Next())
        {
            var item = SortedSetItem.Pack(place.Member.Text(scratch), place.Score);
            table.Add(item);
            tree.Insert(item);
        }
        (_packed, _table, _tree) = (null, table, tree);
    }

    private void InsertPacked(ReadOnlySpan<byte> member, double score)
    {
        var rank = LowerBound(new MemberBound(score, member));
        PutPacked(member, score, rank < Count ? _packed!.Seek(rank * 2) : _packed!.TotalBytes - 1);
    }

    private void PutPacked(ReadOnlySpan<byte> member, double score, int at)
    {
        // Whole scores of up to 62 bits are stored as integers (t_zset.c zzlInsertAt, util.c double2ll).
        var whole = (long)score;
        if (whole == score && Math.Abs(score) <= long.MaxValue / 2)
        {
            _packed!.Insert(at, whole);
        }
        else
        {
            Span<byte> text = stackalloc byte[RedisNumber.DoubleBytesMax];
            _packed!.Insert(at, text[..RedisNumber.Format(score, text)]);
        }
        _packed.Insert(at, member);
    }
}
