namespace Microcosm.Nginx;

/// <summary>A declared cache: where its files are and how many may be.</summary>
internal sealed record CacheStore(string Path)
{
    /// <summary>Lengths of the names of subfolders.</summary>
    public IReadOnlyList<int> Levels { get; init; } = [];

    /// <summary>Files are first written among the proxy's temporary ones.</summary>
    public bool UsesTempPath { get; init; } = true;

    public long InactiveSeconds { get; init; } = 600;

    public long BytesMax { get; init; } = long.MaxValue;

    public long FreeBytesMin { get; init; }

    public CachePace Loader { get; init; } = new(100, 50, 200);

    public CachePace Manager { get; init; } = new(100, 50, 200);
}
