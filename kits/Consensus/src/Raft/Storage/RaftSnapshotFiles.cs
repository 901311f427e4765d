using System.Buffers.Binary;
using System.Globalization;
using Microcosm.Runtime;
using Microcosm.Storage;

namespace Microcosm.Consensus;

/// <summary>
/// Snapshots on a disk: <c>raft/snapshot-INDEX</c>, one that is whole or none. File: CRC-32C of the rest (u32), version, index (i64), term
/// (i64), length of the membership (u32), membership, contents.
/// </summary>
internal sealed class RaftSnapshotFiles(IDisk disk, string folder)
{
    private const byte Version = 1;
    private const int HeaderBytes = 4 + 1 + 8 + 8 + 4;

    /// <summary>The newest sound one, or null.</summary>
    public (SnapshotMeta Meta, byte[] Contents)? Load()
    {
        foreach (var path in Paths().OrderByDescending(IndexOf))
        {
            using var file = disk.Open(path, DiskOpen.Existing);
            var bytes = new byte[file.Length];
            file.Read(0, bytes);
            if (Parse(bytes) is { } snapshot)
                return snapshot;
        }
        return null;
    }

    /// <summary>Writes one, durably, and only then removes the older ones.</summary>
    public async ValueTask SaveAsync(SnapshotMeta meta, ReadOnlyMemory<byte> contents)
    {
        var path = folder + "snapshot.new";
        using (var file = disk.Open(path, DiskOpen.Truncate))
        {
            file.Append(Encode(meta, contents.Span));
            if (!Bug.IsPlanted("raft/snapshot-not-synced"))
                await file.SyncAsync();
        }
        var name = string.Create(CultureInfo.InvariantCulture, $"{folder}snapshot-{meta.Index}");
        disk.Rename(path, name);
        await disk.SyncNamesAsync();
        foreach (var old in Paths().Where(p => IndexOf(p) < meta.Index))
            disk.Delete(old);
    }

    private static byte[] Encode(SnapshotMeta meta, ReadOnlySpan<byte> contents)
    {
        var membership = meta.Membership.Encode();
        var bytes = new byte[HeaderBytes + membership.Length + contents.Length];
        bytes[4] = Version;
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(5), meta.Index);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(13), meta.Term);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(21), membership.Length);
        membership.CopyTo(bytes.AsSpan(HeaderBytes));
        contents.CopyTo(bytes.AsSpan(HeaderBytes + membership.Length));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Crc32C.Of(bytes.AsSpan(4)));
        return bytes;
    }

    private static (SnapshotMeta, byte[])? Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes || bytes[4] != Version
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Crc32C.Of(bytes[4..]))
        {
            return null;
        }
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes[21..]);
        if (length < 0 || length > bytes.Length - HeaderBytes
            || Membership.TryDecode(bytes.Slice(HeaderBytes, length)) is not { } membership)
            return null;
        var meta = new SnapshotMeta(BinaryPrimitives.ReadInt64LittleEndian(bytes[5..]), BinaryPrimitives.ReadInt64LittleEndian(bytes[13..]),
            membership);
        return (meta, bytes[(HeaderBytes + length)..].ToArray());
    }

    private IEnumerable<string> Paths() => disk.List(folder + "snapshot-");

    private long IndexOf(string path) => long.Parse(path.AsSpan(folder.Length + "snapshot-".Length), CultureInfo.InvariantCulture);
}
