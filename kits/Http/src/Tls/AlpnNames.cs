using System.Text;

namespace Microcosm.Http;

/// <summary>Names of protocols as RFC 7301 section 3.1 writes them: each behind its length.</summary>
internal static class AlpnNames
{
    /// <summary>Bytes that do not move in memory. Throws <see cref="ArgumentException"/> for a name that has no place there.</summary>
    public static byte[] Encode(IReadOnlyList<string> names)
    {
        var bytes = GC.AllocateArray<byte>(names.Sum(n => n.Length + 1), pinned: true);
        var at = 0;
        foreach (var name in names)
        {
            if (name.Length is 0 or > 255)
                throw new ArgumentException($"a protocol's name has 1 to 255 bytes: \"{name}\"", nameof(names));
            bytes[at++] = (byte)name.Length;
            at += Encoding.Latin1.GetBytes(name, bytes.AsSpan(at));
        }
        return bytes;
    }
}
