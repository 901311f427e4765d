namespace Microcosm.Redis;

/// <summary>A key under WATCH.</summary>
internal sealed record WatchedKey(Database Db, byte[] Key)
{
    /// <summary>
    /// The key's time was up when it was watched, though it was still there: that it goes now is no change, and its time is not looked at
    /// again.
    /// </summary>
    public bool WasExpired { get; set; }
}
