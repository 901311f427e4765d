namespace Microcosm.Redis;

/// <summary>
/// A key as found in a database: a view onto its slot's object, valid until the key is changed. <c>default</c> is a missing key.
/// </summary>
internal readonly struct Entry(object? stored)
{
    // A bucket is 112 bytes and holds five keys on average.
    private const int TableBytes = 24;
    private const int ArrayHeadBytes = 24;
    private const int EntryBytes = 56;

    /// <summary>What the table holds: a packed <c>byte[]</c> or an <see cref="ObjectEntry"/>.</summary>
    public object? Stored { get; } = stored;

    public bool IsMissing => Stored is null;

    public bool Exists => Stored is not null;

    public ReadOnlySpan<byte> Key => Stored is byte[] packed ? PackedString.Key(packed) : ((ObjectEntry)Stored!).Key;

    public RedisType Type => Stored is ObjectEntry o ? o.Value.Type : RedisType.String;

    /// <summary>The collection, or null for strings that are packed and for missing keys.</summary>
    public RedisObject? Object => (Stored as ObjectEntry)?.Value;

    public bool IsString => Stored is byte[] || Object is StringObject;

    /// <summary>The value of a string key. Writable in place; changing its length is SetString's work.</summary>
    public Span<byte> StringValue => Stored is byte[] packed ? PackedString.Value(packed)
        : ((StringObject)((ObjectEntry)Stored!).Value).Value;

    /// <summary>-1 when the key does not expire.</summary>
    public long ExpireAtMs => Stored is byte[] packed ? PackedString.ExpireAtMs(packed) : ((ObjectEntry)Stored!).ExpireAtMs;

    /// <summary>Seconds' clock of the last use, or LFU minutes and counter: 24 bits, as in Redis.</summary>
    public uint Lru
    {
        get => Stored is byte[] packed ? PackedString.Lru(packed) : ((ObjectEntry)Stored!).Lru;
        set
        {
            if (Stored is byte[] packed)
                PackedString.SetLru(packed, value);
            else
                ((ObjectEntry)Stored!).Lru = value;
        }
    }

    /// <summary>Which of two alternating snapshots has already taken this key.</summary>
    public bool Snapshot
    {
        get => Stored is byte[] packed ? PackedString.Snapshot(packed) : ((ObjectEntry)Stored!).Snapshot;
        set
        {
            if (Stored is byte[] packed)
                PackedString.SetSnapshot(packed, value);
            else
                ((ObjectEntry)Stored!).Snapshot = value;
        }
    }

    /// <summary>What <c>OBJECT ENCODING</c> says.</summary>
    public string Encoding
    {
        get
        {
            if (Stored is not byte[] packed)
                return Object!.Encoding;
            if (PackedString.IsRaw(packed))
                return "raw";
            var value = PackedString.Value(packed);
            return RedisNumber.TryParse(value, out long _) ? "int" : value.Length <= 44 ? "embstr" : "raw";
        }
    }

    /// <summary>Bytes held, key and share of the table included (<c>MEMORY USAGE</c>). Their sum is <c>used_memory</c>.</summary>
    public long MemoryBytes =>
        Stored is byte[] packed ? PackedBytes(packed) : TableBytes + EntryBytes + ArrayHeadBytes + Key.Length + Object!.MemoryBytes;

    /// <summary><see cref="MemoryBytes"/> of a packed string.</summary>
    public static long PackedBytes(byte[] packed) => TableBytes + ArrayHeadBytes + packed.Length;
}
