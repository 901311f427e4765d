using Microcosm.Runtime;

namespace Microcosm.Storage.Tests;

/// <summary>
/// A disk that asks before each step that changes something. <c>step</c> is given what is to be done and the doing itself.
/// </summary>
internal sealed class HookedDisk(IDisk disk, Func<string, Func<ValueTask>, ValueTask> step) : IDisk
{
    /// <summary>A disk whose step of that number, from 1 on, fails once; all others are done.</summary>
    public static HookedDisk FailingAt(int number, IDisk disk)
    {
        var steps = 0;
        return new HookedDisk(disk, (what, doIt) => ++steps == number ? throw new IOException($"{what}: Input/output error") : doIt());
    }

    public IDiskFile Open(string path, DiskOpen mode)
    {
        if (mode == DiskOpen.Existing || (mode == DiskOpen.OrCreate && disk.Exists(path)))
            return new File(path, disk.Open(path, mode), Do, step);
        Do($"create {path}", () => disk.Open(path, mode).Dispose());
        return new File(path, disk.Open(path, DiskOpen.Existing), Do, step);
    }

    public bool Exists(string path) => disk.Exists(path);

    public IReadOnlyList<string> List(string prefix) => disk.List(prefix);

    public void Rename(string from, string to) => Do($"rename {from} {to}", () => disk.Rename(from, to));

    public void Delete(string path) => Do($"delete {path}", () => disk.Delete(path));

    public ValueTask SyncNamesAsync(CancellationToken cancellation = default) =>
        step("sync names", () => disk.SyncNamesAsync(cancellation));

    private void Do(string what, Action action)
    {
        var done = step(what, () =>
        {
            action();
            return ValueTask.CompletedTask;
        });
        // Only syncs wait.
        Assert.True(done.IsCompleted);
        done.GetAwaiter().GetResult();
    }

    private sealed class File(
        string path, IDiskFile file, Action<string, Action> act, Func<string, Func<ValueTask>, ValueTask> step) : IDiskFile
    {
        public long Length => file.Length;

        public int Read(long offset, Span<byte> buffer) => file.Read(offset, buffer);

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            var copy = bytes.ToArray();
            act($"write {path} {offset}+{copy.Length}", () => file.Write(offset, copy));
        }

        public void Append(ReadOnlySpan<byte> bytes) => Write(Length, bytes);

        public void SetLength(long length) => act($"cut {path} to {length}", () => file.SetLength(length));

        public ValueTask SyncAsync(CancellationToken cancellation = default) =>
            step($"sync {path}", () => file.SyncAsync(cancellation));

        public ValueTask MakeRoomAsync(long length, CancellationToken cancellation = default) =>
            step($"room {path} {length}", () => file.MakeRoomAsync(length, cancellation));

        public void Sync() => act($"sync {path}", file.Sync);

        public void Dispose() => file.Dispose();
    }
}
