namespace Microcosm.Nginx;

/// <summary>Who gives ranges of a response.</summary>
internal enum RangesOf : byte
{
    /// <summary>Its server, if that says so.</summary>
    Server,

    /// <summary>We, one at a time, while it is fetched for the cache.</summary>
    Kept,

    /// <summary>We, out of the cache.</summary>
    Cached,
}
