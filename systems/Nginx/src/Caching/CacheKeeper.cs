#pragma warning disable RS0030 // cached responses lie in a folder of the machine
using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary>
/// Finds the files that are in a cache's folder when nginx starts, and drops what is too old or too much, a few at a time on a worker's
/// deadlines (nginx: cache loader and cache manager).
/// </summary>
internal sealed class CacheKeeper : Deadline
{
    private const long TrimEveryMs = 1000;

    private readonly NginxWorker _worker;
    private readonly ResponseCache _cache;
    private IEnumerator<FileInfo>? _files;
    private long _trimAtMs;

    public CacheKeeper(NginxWorker worker, ResponseCache cache)
    {
        (_worker, _cache) = (worker, cache);
        _files = Files(cache.Store.Path).GetEnumerator();
        worker.Http.Deadlines.Set(this, 1);
    }

    private long NowMs => _worker.Http.Deadlines.NowMs;

    private long Now => _worker.Http.Clock.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>Nobody uses the cache any more.</summary>
    public void Stop() => _worker.Http.Deadlines.Remove(this);

    protected override void Expired()
    {
        if (_files is not null)
            Load();
        if (NowMs >= _trimAtMs)
        {
            _cache.Trim(Now, (int)Math.Clamp(_cache.Store.Manager.Files, 1, 10_000));
            _trimAtMs = NowMs + TrimEveryMs;
        }
        _worker.Http.Deadlines.Set(this, _files is null ? TrimEveryMs : Math.Max(1, _cache.Store.Loader.SleepMs));
    }

    private void Load()
    {
        var (left, began) = (Math.Max(1, _cache.Store.Loader.Files), NowMs);
        while (left-- > 0 && NowMs - began <= _cache.Store.Loader.ThresholdMs)
        {
            if (!_files!.MoveNext())
            {
                _files.Dispose();
                _files = null;
                return;
            }
            var file = _files.Current;
            if (CacheKey.OfName(file.Name) is { } key && key.PathIn(_cache.Store) == file.FullName)
                _cache.Learn(key, file.Length, Now);
        }
    }

    // In the order of their names.
    private static IEnumerable<FileInfo> Files(string folder)
    {
        var info = new DirectoryInfo(folder);
        if (!info.Exists)
            yield break;
        foreach (var file in info.EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true }))
            yield return file;
    }
}
