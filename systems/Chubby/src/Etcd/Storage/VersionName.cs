using System.Buffers.Binary;

namespace Microcosm.Chubby.Etcd;

/// <summary>A version's key in etcd's file: revision, underscore, place in it, big-endian; a tombstone has a t behind.</summary>
internal static class VersionName
{
    public const int Bytes = 17;

    /// <summary>The name as bytes.</summary>
    public static byte[] Of(KeyVersion version)
    {
        var name = new byte[version.IsTombstone ? Bytes + 1 : Bytes];
        Write(name, version.Main, version.Sub);
        if (version.IsTombstone)
            name[Bytes] = (byte)'t';
        return name;
    }

    /// <summary>The name of a revision that is no version's.</summary>
    public static byte[] Of(long revision)
    {
        var name = new byte[Bytes];
        Write(name, revision, 0);
        return name;
    }

    /// <summary>Throws <see cref="InvalidDataException"/>.</summary>
    public static (long Main, long Sub, bool IsTombstone) Parse(ReadOnlySpan<byte> name)
    {
        var isTombstone = name is [.., (byte)'t'] && name.Length == Bytes + 1;
        if ((name.Length != Bytes && !isTombstone) || name[8] != '_')
            throw new InvalidDataException($"a revision of {name.Length} bytes: {Convert.ToHexString(name)}");
        return (BinaryPrimitives.ReadInt64BigEndian(name), BinaryPrimitives.ReadInt64BigEndian(name[9..]), isTombstone);
    }

    private static void Write(Span<byte> name, long main, long sub)
    {
        BinaryPrimitives.WriteInt64BigEndian(name, main);
        name[8] = (byte)'_';
        BinaryPrimitives.WriteInt64BigEndian(name[9..], sub);
    }
}
