namespace Microcosm.Redis;

/// <summary>Thresholds at which collections leave their compact encodings, by Redis' option names. Changed by CONFIG SET.</summary>
internal sealed class EncodingLimits
{
    /// <summary><c>hash-max-listpack-entries</c> (Redis 7.0: 512).</summary>
    public int HashMaxListpackEntries { get; set; } = 512;

    /// <summary><c>hash-max-listpack-value</c>, bytes.</summary>
    public int HashMaxListpackValue { get; set; } = 64;

    /// <summary><c>zset-max-listpack-entries</c>.</summary>
    public int ZsetMaxListpackEntries { get; set; } = 128;

    /// <summary><c>zset-max-listpack-value</c>, bytes.</summary>
    public int ZsetMaxListpackValue { get; set; } = 64;

    /// <summary><c>set-max-intset-entries</c>.</summary>
    public int SetMaxIntsetEntries { get; set; } = 512;

    /// <summary><c>list-max-listpack-size</c>: entries a node when positive, size classes 4 KiB … 64 KiB for -1 … -5.</summary>
    public int ListMaxListpackSize { get; set; } = -2;

    /// <summary>List elements of this size or more lie outside listpacks (<c>DEBUG QUICKLIST-PACKED-THRESHOLD</c>), bytes.</summary>
    public int ListPackedThreshold { get; set; } = 1 << 30;

    /// <summary>Seed of the hash tables inside collections, against chosen collisions.</summary>
    public ulong HashSeed { get; set; }

    /// <summary><c>list-compress-depth</c>.</summary>
    public int ListCompressDepth { get; set; }
}
