namespace Microcosm.Redis;

/// <summary>What goes when memory runs out (<c>maxmemory-policy</c>).</summary>
public enum MaxMemoryPolicy
{
    VolatileLru,
    VolatileLfu,
    VolatileRandom,
    VolatileTtl,
    AllKeysLru,
    AllKeysLfu,
    AllKeysRandom,
    NoEviction,
}
