namespace Microcosm.Redis;

/// <summary>What <c>COMMAND INFO</c> publishes of a command's nature, and what dispatch checks.</summary>
[Flags]
internal enum RedisCommandFlags
{
    None = 0,
    Write = 1 << 0,
    ReadOnly = 1 << 1,
    DenyOom = 1 << 2,
    Admin = 1 << 3,
    PubSub = 1 << 4,
    NoScript = 1 << 5,
    Blocking = 1 << 6,
    Loading = 1 << 7,
    Stale = 1 << 8,
    SkipMonitor = 1 << 9,
    SkipSlowlog = 1 << 10,
    Fast = 1 << 11,
    NoAuth = 1 << 12,
    MayReplicate = 1 << 13,
    NoMulti = 1 << 14,
    MovableKeys = 1 << 15,
    AllowBusy = 1 << 16,
    NoMandatoryKeys = 1 << 17,
    Sentinel = 1 << 18,
    NoAsyncLoading = 1 << 19,
}
