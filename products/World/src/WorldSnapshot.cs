using System.Text;
using Microcosm.Runtime;

namespace Microcosm;

/// <summary>
/// The disks of all nodes in one stream, and the time they are of. Format, version 2: <c>"MCWORLD2"</c>, the world's time in UTC ticks (8
/// bytes, little-endian), the number of nodes (4), then name and disk archive of each.
/// </summary>
internal sealed class WorldSnapshot
{
    private static ReadOnlySpan<byte> Magic => "MCWORLD2"u8;

    /// <summary>When it was taken, in the world's time.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Disks by node.</summary>
    public required IReadOnlyDictionary<string, MemoryDisk> Disks { get; init; }

    /// <summary>Writes a world's nodes, one after the other, each at an instant between two of its turns.</summary>
    public static async Task SaveAsync(Stream to, DateTimeOffset at, IReadOnlyCollection<RunningNode> nodes, CancellationToken cancellation)
    {
        await using var writer = new BinaryWriter(to, Encoding.UTF8, leaveOpen: true);
        writer.Write(Magic);
        writer.Write(at.UtcTicks);
        writer.Write(nodes.Count);
        foreach (var node in nodes)
        {
            writer.Write(node.Name);
            writer.Flush();
            await node.ArchiveAsync(to, cancellation);
        }
    }

    /// <summary>Reads and checks a whole snapshot. Throws <see cref="InvalidDataException"/>.</summary>
    public static WorldSnapshot Read(Stream from)
    {
        using var reader = new BinaryReader(from, Encoding.UTF8, leaveOpen: true);
        if (!reader.ReadBytes(8).AsSpan().SequenceEqual(Magic))
            throw new InvalidDataException("Not a snapshot of version 2.");
        try
        {
            var at = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero);
            var disks = new Dictionary<string, MemoryDisk>();
            for (var left = reader.ReadInt32(); left > 0; left--)
            {
                var disk = new MemoryDisk();
                disks.Add(reader.ReadString(), disk);
                DiskArchive.Load(from, disk);
            }
            return new WorldSnapshot { At = at, Disks = disks };
        }
        catch (Exception e) when (e is EndOfStreamException or ArgumentException)
        {
            throw new InvalidDataException("The snapshot is damaged.", e);
        }
    }

    /// <summary>Fills the nodes' disks, which are empty; nodes that it has not stay empty.</summary>
    public void Fill(IEnumerable<RunningNode> nodes)
    {
        foreach (var node in nodes)
        {
            if (!Disks.TryGetValue(node.Name, out var disk))
                continue;
            using var archive = new MemoryStream();
            DiskArchive.Save(disk, archive);
            archive.Position = 0;
            DiskArchive.Load(archive, node.Disk);
        }
    }
}
