namespace Microcosm.Redis;

/// <summary>A key under WATCH.</summary>
internal sealed record WatchedKey(Database Db, byte[] Key);
