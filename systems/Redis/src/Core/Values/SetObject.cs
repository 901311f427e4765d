namespace Microcosm.Redis;

/// <summary>A set: an intset while all members are integers and few, then a table (Redis 7.0 has no listpack for sets).</summary>
internal sealed class SetObject : RedisObject
{
    private object _data;

    public SetObject()
        : this(new IntSet())
    {
    }

    public SetObject(IntSet integers) => _data = integers;

    private SetObject(ByteTable<SetItem> table) => _data = table;

    /// <summary>The integers, or null when it is a table.</summary>
    public IntSet? Integers => _data as IntSet;

    /// <summary>The table, or null while it is an intset.</summary>
    public ByteTable<SetItem>? Table => _data as ByteTable<SetItem>;

    public override RedisType Type => RedisType.Set;

    public override string Encoding => _data is IntSet ? "intset" : "hashtable";

    public override int Count => _data is IntSet integers ? integers.Count : ((ByteTable<SetItem>)_data).Count;

    public override long MemoryBytes =>
        _data is IntSet integers ? 16 + integers.TotalBytes : 16 + Table!.PayloadBytes + Table.Buckets * 8L + Count * 28L;

    public override RedisObject Clone() => _data is IntSet integers ? new SetObject(integers.Clone()) : new SetObject(Table!.Clone());

    /// <summary>A set that is a table from the start; for loading large ones.</summary>
    public static SetObject NewTable(EncodingLimits limits) => new(new ByteTable<SetItem>(limits.HashSeed));

    public bool Contains(ReadOnlySpan<byte> member) =>
        _data is IntSet integers ? RedisNumber.TryParse(member, out long value) && integers.Contains(value) : Table!.Find(member) >= 0;

    public bool Contains(Element member)
    {
        if (member.IsInteger && _data is IntSet integers)
            return integers.Contains(member.Integer);
        Span<byte> scratch = stackalloc byte[Element.ScratchBytes];
        return Contains(member.Text(scratch));
    }

    /// <summary>Adds a member; false if it was there.</summary>
    public bool Add(ReadOnlySpan<byte> member, EncodingLimits limits)
    {
        if (_data is IntSet integers)
        {
            if (RedisNumber.TryParse(member, out long value))
            {
                var added = integers.Add(value);
                if (added && integers.Count > limits.SetMaxIntsetEntries)
                    ConvertToTable(limits);
                return added;
            }
            ConvertToTable(limits);
        }
        var table = (ByteTable<SetItem>)_data;
        if (table.Find(member) >= 0)
            return false;
        table.Add(member.ToArray());
        return true;
    }

    public bool Add(Element member, EncodingLimits limits)
    {
        Span<byte> scratch = stackalloc byte[Element.ScratchBytes];
        return Add(member.Text(scratch), limits);
    }

    public bool Remove(ReadOnlySpan<byte> member) =>
        _data is IntSet integers ? RedisNumber.TryParse(member, out long value) && integers.Remove(value) : Table!.Remove(member);

    /// <summary>The member at an index, in an order that holds until the next change.</summary>
    public Element At(int index) => _data is IntSet integers ? new Element(integers[index]) : new Element(Table![index]);

    public SetEnumerator GetEnumerator() => new(this);

    public void ConvertToTable(EncodingLimits limits)
    {
        if (_data is not IntSet integers)
            return;
        var table = new ByteTable<SetItem>(limits.HashSeed);
        for (var i = 0; i < integers.Count; i++)
            table.Add(RedisNumber.ToBytes(integers[i]));
        _data = table;
    }
}
