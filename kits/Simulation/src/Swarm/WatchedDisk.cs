using Microcosm.Runtime;

namespace Microcosm.Simulation;

/// <summary>A node's disk that tells when a sync begins: the moment at which a crash tells most.</summary>
internal sealed class WatchedDisk(IDisk disk, Action syncBegins) : IDisk
{
    public IDiskFile Open(string path, DiskOpen mode) => new File(disk.Open(path, mode), syncBegins);

    public bool Exists(string path) => disk.Exists(path);

    public IReadOnlyList<string> List(string prefix) => disk.List(prefix);

    public void Rename(string from, string to) => disk.Rename(from, to);

    public void Delete(string path) => disk.Delete(path);

    public ValueTask SyncNamesAsync(CancellationToken cancellation = default)
    {
        syncBegins();
        return disk.SyncNamesAsync(cancellation);
    }

    private sealed class File(IDiskFile file, Action syncBegins) : IDiskFile
    {
        public long Length => file.Length;

        public int Read(long offset, Span<byte> buffer) => file.Read(offset, buffer);

        public void Write(long offset, ReadOnlySpan<byte> bytes) => file.Write(offset, bytes);

        public void Append(ReadOnlySpan<byte> bytes) => file.Append(bytes);

        public void SetLength(long length) => file.SetLength(length);

        public ValueTask SyncAsync(CancellationToken cancellation = default)
        {
            syncBegins();
            return file.SyncAsync(cancellation);
        }

        // Nobody waits for room: a crash tells no more then than at any other time.
        public ValueTask MakeRoomAsync(long length, CancellationToken cancellation = default) =>
            file.MakeRoomAsync(length, cancellation);

        public void Sync()
        {
            syncBegins();
            file.Sync();
        }

        public void Dispose() => file.Dispose();
    }
}
