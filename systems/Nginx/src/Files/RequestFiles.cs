namespace Microcosm.Nginx;

/// <summary>The files that a worker's requests ask for, by the settings of their locations.</summary>
internal sealed class RequestFiles(NginxWorker worker)
{
    private readonly Dictionary<OpenFileCache, FileCache> _caches = new(ReferenceEqualityComparer.Instance);

    /// <summary>Looks at a path, links followed.</summary>
    public FileFacts Look(HttpRequest request, ReadOnlySpan<byte> path)
    {
        var isCached = request.Level.Get(HttpCoreModule.OpenFileCache) is { Max: > 0 };
        if (!isCached && request.Level.Get(HttpCoreModule.DisableSymlinks).Check == SymlinkCheck.Off)
            return StaticFiles.Look(path);
        Open(request, path, out var facts)?.Release();
        return facts;
    }

    /// <summary>Opens a file, which the caller releases. Null for a folder, or where that fails: the facts tell.</summary>
    public OpenFile? Open(HttpRequest request, ReadOnlySpan<byte> path, out FileFacts facts)
    {
        var (level, links) = (request.Level, LinkRule.Of(request, path));
        if (level.Get(HttpCoreModule.OpenFileCache) is { Max: > 0 } options)
        {
            if (!_caches.TryGetValue(options, out var cache))
                _caches.Add(options, cache = new FileCache(options));
            return cache.Open(path, links, FileCacheRule.Of(level), worker.Http.Deadlines.NowMs / 1000, out facts);
        }
        var file = links.Check == SymlinkCheck.Off
            ? StaticFiles.Open(path, out facts) : GuardedFiles.Open(path, links, out facts);
        if (!facts.IsFolder)
            return file;
        file?.Release();
        return null;
    }

    /// <summary>Another configuration holds: its caches are others.</summary>
    public void Clear()
    {
        foreach (var cache in _caches.Values)
            cache.Clear();
        _caches.Clear();
    }
}
