namespace Microcosm.Redis;

/// <summary>A key whose value is an object: a collection or a long string.</summary>
internal sealed class ObjectEntry(byte[] key, RedisObject value)
{
    /// <summary>A <see cref="CountedBytes"/> that says: no longer in a table.</summary>
    public const long Gone = -1;

    public byte[] Key { get; } = key;

    public RedisObject Value { get; set; } = value;

    /// <summary>-1 when the key does not expire.</summary>
    public long ExpireAtMs { get; set; } = -1;

    public uint Lru { get; set; }

    public bool Snapshot { get; set; }

    /// <summary>What <see cref="MemoryCount"/> has counted for this entry, or <see cref="Gone"/> when it left its table.</summary>
    public long CountedBytes { get; set; }

    /// <summary>It has changed, or may have, since it was counted.</summary>
    public bool IsNoted { get; set; }
}
