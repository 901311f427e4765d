namespace Microcosm.Nginx;

/// <summary>What a cache knows of one key without its file (ngx_http_file_cache_node_t). Under its cache's lock.</summary>
internal sealed class CacheEntry(CacheKey key)
{
    public CacheKey Key { get; } = key;

    /// <summary>Its file is there.</summary>
    public bool Exists { get; set; }

    /// <summary>Requests so far.</summary>
    public long Uses { get; set; }

    /// <summary>Requests under way.</summary>
    public int Users { get; set; }

    /// <summary>Bytes of the file.</summary>
    public long Bytes { get; set; }

    /// <summary>Nobody needs it after this, in seconds since 1970.</summary>
    public long InactiveAt { get; set; }

    /// <summary>A failure that stands for the response, or 0; until <see cref="ErrorUntil"/>.</summary>
    public int Error { get; set; }

    public long ErrorUntil { get; set; }

    /// <summary>Who makes it anew now; null for nobody.</summary>
    public object? Updater { get; set; }

    /// <summary>When somebody else may try, in ms of the worker's clock.</summary>
    public long LockedUntilMs { get; set; }

    /// <summary>Told once it is made, or not.</summary>
    public List<Action> Waiters { get; } = [];

    /// <summary>Its place among all, by last use.</summary>
    public LinkedListNode<CacheEntry>? Place { get; set; }
}
