namespace Microcosm.Redis;

/// <summary>The types of values, numbered as in Redis (<c>OBJ_STRING</c> …).</summary>
internal enum RedisType : byte
{
    String,
    List,
    Set,
    SortedSet,
    Hash,
    Stream,
}
