namespace Microcosm.Runtime;

/// <summary>
/// A disk in memory that crashes like a real one: after <see cref="Crash"/> what was not synced is lost, kept or torn, by seed.
/// File contents and names are durable separately, as on POSIX. Thread-safe for fork and crash from outside.
/// </summary>
public sealed class MemoryDisk : IDisk
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, MemoryFile> _files = new(StringComparer.Ordinal);
    private readonly List<NameChange> _unsyncedNames = [];

    /// <summary>How long a sync takes on the node's clock; zero completes at once.</summary>
    public TimeSpan SyncLatency { get; set; }

    /// <summary>Clock for <see cref="SyncLatency"/>.</summary>
    public TimeProvider? Clock { get; set; }

    /// <summary>Bytes that the files may hold together; 0 is no limit. A write that does not fit writes what fits and throws, as on a
    /// full disk (ENOSPC).</summary>
    public long BytesMax { get; set; }

    /// <summary>Bytes that the files hold together.</summary>
    public long BytesUsed
    {
        get
        {
            lock (_gate)
                return _files.Values.Sum(f => f.Length);
        }
    }

    /// <inheritdoc/>
    public IDiskFile Open(string path, DiskOpen mode)
    {
        DiskPaths.Check(path);
        lock (_gate)
        {
            var exists = _files.TryGetValue(path, out var file);
            if (!exists && mode == DiskOpen.Existing)
                throw new FileNotFoundException($"No such file: {path}", path);
            if (!exists)
            {
                file = new MemoryFile();
                Put(path, file);
            }
            else if (mode == DiskOpen.Truncate)
            {
                file!.SetLength(0);
            }
            return new MemoryFileHandle(this, file!, path);
        }
    }

    /// <inheritdoc/>
    public bool Exists(string path)
    {
        lock (_gate)
            return _files.ContainsKey(path);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> List(string prefix)
    {
        lock (_gate)
            return [.. _files.Keys.Where(k => k.StartsWith(prefix, StringComparison.Ordinal))];
    }

    /// <inheritdoc/>
    public void Rename(string from, string to)
    {
        DiskPaths.Check(to);
        lock (_gate)
        {
            if (!_files.TryGetValue(from, out var file))
                throw new FileNotFoundException($"No such file: {from}", from);
            _unsyncedNames.Add(new NameChange(from, file, to, _files.GetValueOrDefault(to)));
            _files.Remove(from);
            _files[to] = file;
        }
    }

    /// <inheritdoc/>
    public void Delete(string path)
    {
        lock (_gate)
        {
            if (!_files.Remove(path, out var file))
                return;
            _unsyncedNames.Add(new NameChange(path, file, null, null));
        }
    }

    /// <inheritdoc/>
    public async ValueTask SyncNamesAsync(CancellationToken cancellation = default)
    {
        int upTo;
        lock (_gate)
            upTo = _unsyncedNames.Count;
        await DelayAsync(cancellation);
        lock (_gate)
            _unsyncedNames.RemoveRange(0, Math.Min(upTo, _unsyncedNames.Count));
    }

    /// <summary>
    /// The machine loses power: name changes that were not synced survive only as a prefix of their order; of each file, unsynced writes
    /// are kept, lost or torn.
    /// </summary>
    public void Crash(RandomStream random)
    {
        lock (_gate)
        {
            var kept = random.Next(_unsyncedNames.Count + 1);
            for (var i = _unsyncedNames.Count - 1; i >= kept; i--)
                _unsyncedNames[i].Undo(_files);
            _unsyncedNames.Clear();
            foreach (var file in _files.Values)
                file.Crash(random);
        }
    }

    /// <summary>A copy, unsynced writes included: what another process would read now.</summary>
    public MemoryDisk Clone()
    {
        var clone = new MemoryDisk { SyncLatency = SyncLatency, BytesMax = BytesMax };
        lock (_gate)
        {
            foreach (var (path, file) in _files)
                clone._files[path] = file.Clone();
        }
        return clone;
    }

    /// <summary>Removes everything, durably: a new disk.</summary>
    public void Wipe()
    {
        lock (_gate)
        {
            _files.Clear();
            _unsyncedNames.Clear();
        }
    }

    internal Lock Gate => _gate;

    internal long BytesLeft => BytesMax > 0 ? Math.Max(0, BytesMax - BytesUsed) : long.MaxValue;

    internal async ValueTask DelayAsync(CancellationToken cancellation)
    {
        if (SyncLatency > TimeSpan.Zero && Clock is { } clock)
            await Task.Delay(SyncLatency, clock, cancellation);
    }

    private void Put(string path, MemoryFile file)
    {
        _unsyncedNames.Add(new NameChange(null, file, path, _files.GetValueOrDefault(path)));
        _files[path] = file;
    }

    // A file moved from a name (null: it was made) to a name (null: it was deleted), over another (null: none).
    private sealed record NameChange(string? From, MemoryFile File, string? To, MemoryFile? Replaced)
    {
        public void Undo(SortedDictionary<string, MemoryFile> files)
        {
            if (To is not null)
            {
                files.Remove(To);
                if (Replaced is not null)
                    files[To] = Replaced;
            }
            if (From is not null)
                files[From] = File;
        }
    }
}
