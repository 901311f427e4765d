namespace Microcosm.Redis;

/// <summary>What a database tells its server, and asks it.</summary>
internal interface IDatabaseEvents
{
    /// <summary>Unix milliseconds, constant during one command or script.</summary>
    long NowMs { get; }

    /// <summary>The 24-bit LRU clock, or a fresh LFU counter, by policy.</summary>
    uint LruNow { get; }

    /// <summary>The mark of keys that the running snapshot need not take: new ones get it.</summary>
    bool SnapshotBit { get; }

    /// <summary>A key was looked up: hit and miss counts, LRU and LFU marks.</summary>
    void Looked(Database database, ReadOnlySpan<byte> key, Entry entry, bool forWrite);

    /// <summary>A key comes into being.</summary>
    void Added(Database database, ReadOnlySpan<byte> key);

    /// <summary>A string is about to be set over what was there.</summary>
    void Overwriting(Entry entry);

    /// <summary>
    /// A key's time is up. Removes it, propagates and notifies, and returns true; returns false where keys must not expire now
    /// (while loading).
    /// </summary>
    bool Expired(Database database, ReadOnlySpan<byte> key);

    /// <summary>An entry is about to change or go: a running snapshot takes it first.</summary>
    void BeforeChange(Database database, Entry entry);

    /// <summary>A key got an expiry: somebody must wake up then.</summary>
    void ExpirySet(long atMs);

    /// <summary>All keys are about to go.</summary>
    void BeforeClear(Database database);
}
