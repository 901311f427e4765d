using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Microcosm.Nginx;

/// <summary>What a cached response is found by: the MD5 of its key's text, which is the name of its file too.</summary>
internal readonly record struct CacheKey(UInt128 Value)
{
    public const int NameChars = 32;

    /// <summary>Of a text.</summary>
    public static CacheKey Of(ReadOnlySpan<byte> text) => OfHash(HashOf(text));

    /// <summary>Of a file's name; null where it is none.</summary>
    public static CacheKey? OfName(string name) =>
        name.Length == NameChars && UInt128.TryParse(name, System.Globalization.NumberStyles.AllowHexSpecifier, null, out var value)
            ? new CacheKey(value) : null;

    /// <summary>The file's place below the cache's folder: subfolders are named by the last digits.</summary>
    public string PathIn(CacheStore store)
    {
        var name = Value.ToString("x32", null);
        var (path, end) = (store.Path, name.Length);
        foreach (var level in store.Levels)
        {
            path = Path.Combine(path, name.Substring(end - level, level));
            end -= level;
        }
        return Path.Combine(path, name);
    }

    private static CacheKey OfHash(ReadOnlySpan<byte> hash) => new(BinaryPrimitives.ReadUInt128BigEndian(hash));

#pragma warning disable CA5351 // names of files, as nginx has them; nothing is kept secret by it
    private static byte[] HashOf(ReadOnlySpan<byte> text) => MD5.HashData(text);
#pragma warning restore CA5351
}
