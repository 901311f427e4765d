namespace Microcosm.Chubby.Client;

/// <summary>
/// Files as the master let them be cached (OSDI'06 2.7). Guarded by the client. Invariant: what is in here was read in the present
/// epoch and has not been called back since.
/// </summary>
internal sealed class FileCache
{
    private readonly Dictionary<string, FileContents> _files = new(StringComparer.Ordinal);

    /// <summary>Reads that were answered from here.</summary>
    public long Hits { get; private set; }

    public FileContents? Find(string path)
    {
        if (!_files.TryGetValue(path, out var file))
            return null;
        Hits++;
        return file;
    }

    public void Put(string path, FileContents file) => _files[path] = file;

    public void Forget(string path) => _files.Remove(path);

    public void Clear() => _files.Clear();
}
