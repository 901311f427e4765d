namespace Microcosm.Redis;

/// <summary>A list: in Redis 7.0 always a quicklist, however short.</summary>
internal sealed class ListObject(QuickList items) : RedisObject
{
    public ListObject()
        : this(new QuickList())
    {
    }

    public QuickList Items { get; } = items;

    public override RedisType Type => RedisType.List;

    public override string Encoding => "quicklist";

    public override int Count => Items.Count;

    public override long MemoryBytes
    {
        get
        {
            var bytes = 16L + 40;
            for (var node = Items.Head; node is not null; node = node.Next)
                bytes += 32 + node.Bytes;
            return bytes;
        }
    }

    public override RedisObject Clone() => new ListObject(Items.Clone());
}
