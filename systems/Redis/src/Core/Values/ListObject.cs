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

    public override long MemoryBytes => 16 + 40 + Items.Nodes * 32L + Items.Bytes;

    public override RedisObject Clone() => new ListObject(Items.Clone());
}
