using System.Buffers.Binary;
using System.Text;

namespace Microcosm.Runtime;

/// <summary>
/// A disk's files in one stream, for fork and snapshots. Format, version 1, little-endian: <c>"MCDISK01"</c>; per file the path's length
/// (4),
/// the path (UTF-8), the length (8), the bytes; a path length of -1 ends it; then a 64-bit FNV-1a checksum of everything before.
/// </summary>
public static class DiskArchive
{
    private static ReadOnlySpan<byte> Magic => "MCDISK01"u8;

    /// <summary>Writes all files.</summary>
    public static void Save(IDisk disk, Stream to)
    {
        var hash = 0xcbf29ce484222325UL;
        Write(Magic);
        var number = new byte[8];
        var buffer = new byte[64 * 1024];
        foreach (var path in disk.List(""))
        {
            var name = Encoding.UTF8.GetBytes(path);
            BinaryPrimitives.WriteInt32LittleEndian(number, name.Length);
            Write(number.AsSpan(0, 4));
            Write(name);
            using var file = disk.Open(path, DiskOpen.Existing);
            BinaryPrimitives.WriteInt64LittleEndian(number, file.Length);
            Write(number);
            long at = 0;
            for (int read; (read = file.Read(at, buffer)) > 0; at += read)
                Write(buffer.AsSpan(0, read));
        }
        BinaryPrimitives.WriteInt32LittleEndian(number, -1);
        Write(number.AsSpan(0, 4));
        BinaryPrimitives.WriteUInt64LittleEndian(number, hash);
        to.Write(number);

        void Write(ReadOnlySpan<byte> bytes)
        {
            hash = Fold(hash, bytes);
            to.Write(bytes);
        }
    }

    /// <summary>Writes the archive's files to a disk. Throws <see cref="InvalidDataException"/> if it is damaged or of another
    /// version.</summary>
    public static void Load(Stream from, IDisk disk)
    {
        var hash = 0xcbf29ce484222325UL;
        if (!Read(8).AsSpan().SequenceEqual(Magic))
            throw new InvalidDataException("Not a disk archive of version 1.");
        while (BinaryPrimitives.ReadInt32LittleEndian(Read(4)) is >= 0 and var nameLength)
        {
            if (nameLength > 4096)
                throw new InvalidDataException("The disk archive is damaged: a path of more than 4,096 bytes.");
            var path = Encoding.UTF8.GetString(Read(nameLength));
            var left = BinaryPrimitives.ReadInt64LittleEndian(Read(8));
            using var file = disk.Open(path, DiskOpen.Truncate);
            for (; left > 0; left -= Math.Min(left, 65536))
                file.Append(Read((int)Math.Min(left, 65536)));
            file.Sync();
        }
        var expected = hash;
        if (BinaryPrimitives.ReadUInt64LittleEndian(Read(8)) != expected)
            throw new InvalidDataException("The disk archive is damaged: its checksum is wrong.");

        byte[] Read(int count)
        {
            var bytes = new byte[count];
            try
            {
                from.ReadExactly(bytes);
            }
            catch (EndOfStreamException)
            {
                throw new InvalidDataException("The disk archive is cut off.");
            }
            hash = Fold(hash, bytes);
            return bytes;
        }
    }

    private static ulong Fold(ulong hash, ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
            hash = (hash ^ b) * 0x100000001b3UL;
        return hash;
    }
}
