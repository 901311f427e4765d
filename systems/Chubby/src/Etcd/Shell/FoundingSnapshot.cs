#pragma warning disable RS0030 // The user's file lies outside of the node's disk.
using Google.Protobuf;
using Microcosm.Runtime;

namespace Microcosm.Chubby.Etcd;

/// <summary>
/// The snapshot that a cluster begins from, in place of <c>etcdctl snapshot restore</c>. Each member takes a copy of it when it is founded:
/// its log counts from that state, until a snapshot of its own holds all.
/// </summary>
internal static class FoundingSnapshot
{
    private const string Copy = "snapshot.db";
    private const string Raft = "raft/";

    /// <summary>Copies the user's file to the disk of a member that has none of its own; to be called before anything else is there.
    /// Throws <see cref="IOException"/> and <see cref="InvalidDataException"/>.</summary>
    public static async ValueTask TakeAsync(IDisk disk, string path, CancellationToken cancellation)
    {
        if (path.Length == 0 || disk.List(Raft).Count > 0)
            return;
        var bytes = await File.ReadAllBytesAsync(path, cancellation);
        BackendReader.Read(bytes);
        using (var file = disk.Open(Copy, DiskOpen.Truncate))
        {
            file.Append(bytes);
            await file.SyncAsync(cancellation);
        }
        await disk.SyncNamesAsync(cancellation);
    }

    /// <summary>Gives a new store the state that the member was founded with.</summary>
    public static void Restore(IDisk disk, EtcdStore store)
    {
        if (!disk.Exists(Copy))
            return;
        using var file = disk.Open(Copy, DiskOpen.Existing);
        var bytes = new byte[file.Length];
        for (var at = 0; at < bytes.Length;)
        {
            var read = file.Read(at, bytes.AsSpan(at));
            at += read > 0 ? read : throw new InvalidDataException($"{Copy} ends at {at}");
        }
        store.Restore(BackendReader.Read(bytes).ToByteArray());
    }

    /// <summary>A snapshot of the member's own holds all.</summary>
    public static void Forget(IDisk disk) => disk.Delete(Copy);
}
