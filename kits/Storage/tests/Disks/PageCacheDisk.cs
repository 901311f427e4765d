using Microcosm.Runtime;

namespace Microcosm.Storage.Tests;

/// <summary>
/// A disk whose failing sync does what Linux does: the pages are marked clean and dropped from nobody's view, so reads show them, later
/// syncs succeed, and a crash takes them (Rebello et al., ATC 2020). Names are durable at once.
/// </summary>
internal sealed class PageCacheDisk : IDisk
{
    private readonly SortedDictionary<string, Pages> _files = new(StringComparer.Ordinal);

    /// <summary>Syncs to come until one fails; 0 for never.</summary>
    public int SyncsUntilFailure { get; set; }

    /// <summary>The machine loses power.</summary>
    public void Crash()
    {
        foreach (var file in _files.Values)
            file.Crash();
    }

    public IDiskFile Open(string path, DiskOpen mode)
    {
        if (!_files.TryGetValue(path, out var pages))
            _files[path] = pages = mode == DiskOpen.Existing ? throw new FileNotFoundException(path) : new Pages(this);
        if (mode == DiskOpen.Truncate)
            pages.SetLength(0);
        return pages;
    }

    public bool Exists(string path) => _files.ContainsKey(path);

    public IReadOnlyList<string> List(string prefix) => [.. _files.Keys.Where(k => k.StartsWith(prefix, StringComparison.Ordinal))];

    public void Rename(string from, string to) => throw new NotSupportedException("The log renames nothing.");

    public void Delete(string path) => _files.Remove(path);

    public ValueTask SyncNamesAsync(CancellationToken cancellation = default) => ValueTask.CompletedTask;

    private sealed class Pages(PageCacheDisk disk) : IDiskFile
    {
        private readonly SortedSet<int> _dirty = [];
        private byte[] _cached = [];
        private byte[] _durable = [];

        public long Length => _cached.Length;

        public int Read(long offset, Span<byte> buffer)
        {
            var count = (int)Math.Clamp(_cached.Length - offset, 0, buffer.Length);
            _cached.AsSpan((int)Math.Min(offset, _cached.Length), count).CopyTo(buffer);
            return count;
        }

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            if (offset + bytes.Length > _cached.Length)
                Array.Resize(ref _cached, (int)offset + bytes.Length);
            bytes.CopyTo(_cached.AsSpan((int)offset));
            _dirty.UnionWith(Enumerable.Range((int)offset, bytes.Length));
        }

        public void Append(ReadOnlySpan<byte> bytes) => Write(Length, bytes);

        public void SetLength(long length)
        {
            Array.Resize(ref _cached, (int)length);
            Array.Resize(ref _durable, (int)Math.Min(length, _durable.Length));
        }

        public ValueTask SyncAsync(CancellationToken cancellation = default)
        {
            Sync();
            return ValueTask.CompletedTask;
        }

        public ValueTask MakeRoomAsync(long length, CancellationToken cancellation = default)
        {
            Write(Length, new byte[Math.Max(0, length - Length)]);
            return SyncAsync(cancellation);
        }

        public void Sync()
        {
            var fails = disk.SyncsUntilFailure > 0 && --disk.SyncsUntilFailure == 0;
            if (!fails)
                Array.Resize(ref _durable, _cached.Length);
            foreach (var i in _dirty.Where(i => !fails && i < _cached.Length))
                _durable[i] = _cached[i];
            _dirty.Clear();
            if (fails)
                throw new IOException("fsync: Input/output error");
        }

        public void Crash()
        {
            _dirty.Clear();
            _cached = (byte[])_durable.Clone();
        }

        public void Dispose()
        {
        }
    }
}
