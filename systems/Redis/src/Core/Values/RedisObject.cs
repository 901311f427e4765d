namespace Microcosm.Redis;

/// <summary>A value with structure, or a long string. Short strings lie packed in the key table and are no objects.</summary>
internal abstract class RedisObject
{
    /// <summary>What <c>TYPE</c> says.</summary>
    public abstract RedisType Type { get; }

    /// <summary>
    /// What <c>OBJECT ENCODING</c> says: <c>listpack</c>, <c>quicklist</c>, <c>intset</c>, <c>hashtable</c>, <c>skiplist</c>, <c>raw</c>.
    /// </summary>
    public abstract string Encoding { get; }

    /// <summary>Number of elements; bytes of a string. A collection of 0 elements does not exist as a key.</summary>
    public abstract int Count { get; }

    /// <summary>Bytes of memory held, estimated as Redis would count them (<c>MEMORY USAGE</c>), without the key.</summary>
    public abstract long MemoryBytes { get; }

    /// <summary>A deep copy, for <c>COPY</c> and forks.</summary>
    public abstract RedisObject Clone();
}
