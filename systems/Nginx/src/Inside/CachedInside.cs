namespace Microcosm.Nginx;

/// <summary>A key that a cache knows: the name of its file, bytes of that (0: it is not there) and requests.</summary>
internal sealed record CachedInside(string Zone, string Key, long Bytes, long Uses);
