namespace Microcosm.Nginx;

/// <summary>What a cache has for a request.</summary>
internal enum CacheLookup : byte
{
    /// <summary>Nothing; it may be kept.</summary>
    Miss,

    /// <summary>Nothing, and it was not asked for often enough to be kept.</summary>
    Scarce,

    /// <summary>A fresh response.</summary>
    Hit,

    /// <summary>An old response, which this request is to make anew.</summary>
    Stale,

    /// <summary>An old response, which another request makes anew.</summary>
    Updating,

    /// <summary>A failure that stands for the response.</summary>
    Error,
}
