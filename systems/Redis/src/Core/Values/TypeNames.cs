namespace Microcosm.Redis;

/// <summary>Types as TYPE and SCAN spell them.</summary>
internal static class TypeNames
{
    public static string Of(RedisType type) => type switch
    {
        RedisType.String => "string",
        RedisType.List => "list",
        RedisType.Set => "set",
        RedisType.SortedSet => "zset",
        RedisType.Hash => "hash",
        _ => "stream",
    };
}
