using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary>Log files that are open, each once, whoever writes to it; opened anew when they are asked to be (USR1).
/// Thread-safe.</summary>
internal sealed class LogFiles : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LogFile> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<OpenFileCache, LogFileCache> _caches = [];

    /// <summary>Writes a line. 0, or errno.</summary>
    public int Write(string path, ReadOnlySpan<byte> line) => Find(path).Write(line);

    /// <summary>Keeps a line until its log's buffer is full. 0, or errno.</summary>
    public int Append(string path, ReadOnlySpan<byte> line, AccessLog log, Deadlines deadlines) => Find(path).Append(line, log, deadlines);

    /// <summary>Writes a line to a file whose name is the request's: it is closed again, unless there is a cache.</summary>
    public int WriteOnce(string path, ReadOnlySpan<byte> line, OpenFileCache? cache, long nowMs)
    {
        if (cache is { Max: > 0 })
        {
            lock (_gate)
            {
                if (!_caches.TryGetValue(cache, out var files))
                    _caches.Add(cache, files = new LogFileCache(cache));
                return files.Write(path, line, nowMs);
            }
        }
        using var file = new LogFile(path);
        return file.Write(line);
    }

    /// <summary>Opens files before there is a line for them: who opens may do what who writes may not.</summary>
    public void Open(IEnumerable<string> paths)
    {
        foreach (var path in paths)
            Find(path).Write(default);
    }

    /// <summary>Closes all; each is opened again where it is written to.</summary>
    public void Reopen()
    {
        lock (_gate)
        {
            foreach (var file in _files.Values)
                file.Dispose();
            foreach (var cache in _caches.Values)
                cache.Dispose();
            _caches.Clear();
        }
    }

    public void Dispose() => Reopen();

    private LogFile Find(string path)
    {
        lock (_gate)
        {
            if (!_files.TryGetValue(path, out var file))
                _files.Add(path, file = new LogFile(path));
            return file;
        }
    }
}
