namespace Microcosm.Nginx;

/// <summary>How long a status (0: any) is fresh.</summary>
internal readonly record struct CacheValid(int Status, long Seconds);
