using System.Text;
using Microcosm.Runtime;

namespace Microcosm;

/// <summary>The disks of all nodes in one stream. Format, version 1: <c>"MCWORLD1"</c>, the number of nodes, then name and disk archive of
/// each.</summary>
internal static class WorldSnapshot
{
    public static void Save(Stream to, IEnumerable<RunningNode> nodes)
    {
        using var writer = new BinaryWriter(to, Encoding.UTF8, leaveOpen: true);
        writer.Write("MCWORLD1"u8);
        var all = nodes.ToArray();
        writer.Write(all.Length);
        foreach (var node in all)
        {
            writer.Write(node.Name);
            writer.Flush();
            DiskArchive.Save(node.Disk, to);
        }
    }

    public static void Load(Stream from, IEnumerable<RunningNode> nodes)
    {
        using var reader = new BinaryReader(from, Encoding.UTF8, leaveOpen: true);
        if (!reader.ReadBytes(8).AsSpan().SequenceEqual("MCWORLD1"u8))
            throw new InvalidDataException("Not a snapshot of version 1.");
        var byName = nodes.ToDictionary(n => n.Name);
        var count = reader.ReadInt32();
        for (var i = 0; i < count; i++)
        {
            var name = reader.ReadString();
            if (!byName.TryGetValue(name, out var node))
                throw new InvalidDataException($"The snapshot has a node '{name}' that this world has not.");
            DiskArchive.Load(from, node.Disk);
        }
    }
}
