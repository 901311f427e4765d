namespace Microcosm.Redis;

/// <summary>
/// A hash: fields and values in turn in a listpack while it is small, then a table. It never goes back to a listpack.
/// </summary>
internal sealed class HashObject : RedisObject
{
    private object _data;

    public HashObject()
        : this(new Listpack())
    {
    }

    /// <summary>Takes over fields and values in turn.</summary>
    public HashObject(Listpack packed) => _data = packed;

    private HashObject(ByteTable<HashItem> table) => _data = table;

    /// <summary>The fields and values in turn, or null when it is a table.</summary>
    public Listpack? Packed => _data as Listpack;

    /// <summary>The table, or null while it is a listpack.</summary>
    public ByteTable<HashItem>? Table => _data as ByteTable<HashItem>;

    public override RedisType Type => RedisType.Hash;

    public override string Encoding => _data is Listpack ? "listpack" : "hashtable";

    public override int Count => _data is Listpack packed ? packed.Count / 2 : ((ByteTable<HashItem>)_data).Count;

    public override long MemoryBytes =>
        _data is Listpack packed ? 16 + packed.TotalBytes : 16 + Table!.PayloadBytes + Table.Buckets * 8L + Count * 30L;

    public override RedisObject Clone() => _data is Listpack packed ? new HashObject(packed.Clone()) : new HashObject(Table!.Clone());

    /// <summary>A hash that is a table from the start; for loading large ones.</summary>
    public static HashObject NewTable(EncodingLimits limits) => new(new ByteTable<HashItem>(limits.HashSeed));

    /// <summary>The value of a field; false if there is no such field.</summary>
    public bool TryGet(ReadOnlySpan<byte> field, out Element value)
    {
        value = default;
        if (_data is Listpack packed)
        {
            var at = packed.Find(field, packed.First, 1);
            if (at < 0)
                return false;
            value = packed[packed.Next(at)];
            return true;
        }
        var table = (ByteTable<HashItem>)_data;
        var slot = table.Find(field);
        if (slot < 0)
            return false;
        value = new Element(HashItem.ValueOf(table[slot]));
        return true;
    }

    public bool Contains(ReadOnlySpan<byte> field) =>
        _data is Listpack packed ? packed.Find(field, packed.First, 1) >= 0 : Table!.Find(field) >= 0;

    /// <summary>Sets a field; true if it is new.</summary>
    public bool Set(ReadOnlySpan<byte> field, ReadOnlySpan<byte> value, EncodingLimits limits)
    {
        if (_data is Listpack packed)
        {
            var longest = Math.Max(field.Length, value.Length);
            if (longest <= limits.HashMaxListpackValue && packed.TotalBytes + 2L * longest < Listpack.TotalBytesMax / 2)
                return SetPacked(packed, field, value, limits);
            ConvertToTable(limits);
        }
        var table = (ByteTable<HashItem>)_data;
        var slot = table.Find(field);
        var item = HashItem.Pack(field, value);
        if (slot < 0)
            table.Add(item);
        else
            table.Replace(slot, item);
        return slot < 0;
    }

    public bool Remove(ReadOnlySpan<byte> field)
    {
        if (_data is not Listpack packed)
            return Table!.Remove(field);
        var at = packed.Find(field, packed.First, 1);
        if (at >= 0)
            packed.Delete(at, 2);
        return at >= 0;
    }

    /// <summary>The pair at an index, in an order that holds until the next change.</summary>
    public HashPair At(int index)
    {
        if (_data is Listpack packed)
            return new HashPair(packed, packed.Seek(index * 2));
        return new HashPair(Table![index]);
    }

    public HashEnumerator GetEnumerator() => new(this);

    public void ConvertToTable(EncodingLimits limits)
    {
        if (_data is not Listpack)
            return;
        var table = new ByteTable<HashItem>(limits.HashSeed);
        Span<byte> one = stackalloc byte[Element.ScratchBytes], two = stackalloc byte[Element.ScratchBytes];
        foreach (var pair in this)
            table.Add(HashItem.Pack(pair.Field.Text(one), pair.Value.Text(two)));
        _data = table;
    }

    private bool SetPacked(Listpack packed, ReadOnlySpan<byte> field, ReadOnlySpan<byte> value, EncodingLimits limits)
    {
        var at = packed.Find(field, packed.First, 1);
        if (at >= 0)
        {
            packed.Replace(packed.Next(at), value);
            return false;
        }
        packed.Append(field);
        packed.Append(value);
        if (packed.Count / 2 > limits.HashMaxListpackEntries)
            ConvertToTable(limits);
        return true;
    }
}
