namespace Microcosm.Redis;

/// <summary>A key whose value is an object: a collection or a long string.</summary>
internal sealed class ObjectEntry(byte[] key, RedisObject value)
{
    public byte[] Key { get; } = key;

    public RedisObject Value { get; set; } = value;

    /// <summary>-1 when the key does not expire.</summary>
    public long ExpireAtMs { get; set; } = -1;

    public uint Lru { get; set; }

    public bool Snapshot { get; set; }
}
