namespace Microcosm.Nginx;

/// <summary>A cache of responses.</summary>
internal sealed record CacheInside(string Zone, int Keys, long Bytes, long BytesMax);
