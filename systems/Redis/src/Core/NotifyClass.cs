namespace Microcosm.Redis;

/// <summary>Classes of keyspace notifications, with the letters of <c>notify-keyspace-events</c>.</summary>
[Flags]
internal enum NotifyClass
{
    None = 0,

    /// <summary>K: channels <c>__keyspace@N__:key</c>.</summary>
    Keyspace = 1 << 0,

    /// <summary>E: channels <c>__keyevent@N__:event</c>.</summary>
    Keyevent = 1 << 1,

    /// <summary>g</summary>
    Generic = 1 << 2,

    /// <summary>$</summary>
    String = 1 << 3,

    /// <summary>l</summary>
    List = 1 << 4,

    /// <summary>s</summary>
    Set = 1 << 5,

    /// <summary>h</summary>
    Hash = 1 << 6,

    /// <summary>z</summary>
    SortedSet = 1 << 7,

    /// <summary>x</summary>
    Expired = 1 << 8,

    /// <summary>e</summary>
    Evicted = 1 << 9,

    /// <summary>t</summary>
    Stream = 1 << 10,

    /// <summary>m: not in A.</summary>
    KeyMiss = 1 << 11,

    /// <summary>n: not in A.</summary>
    NewKey = 1 << 14,

    /// <summary>A: all but m and n.</summary>
    All = Generic | String | List | Set | Hash | SortedSet | Expired | Evicted | Stream,
}
