namespace Microcosm.Redis;

/// <summary>A key under WATCH. <paramref name="WasExpired"/>: it was there and past its time when the watch began; its removal is then no change.</summary>
internal sealed record WatchedKey(Database Db, byte[] Key, bool WasExpired);
