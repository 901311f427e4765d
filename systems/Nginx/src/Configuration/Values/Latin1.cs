using System.Text;

namespace Microcosm.Nginx;

/// <summary>Texts of a configuration hold one byte a character; here they become bytes again.</summary>
internal static class Latin1
{
    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    public static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    /// <summary>The text in a buffer that has room for it.</summary>
    public static ReadOnlySpan<char> Widen(ReadOnlySpan<byte> bytes, Span<char> buffer) =>
        buffer[..Encoding.Latin1.GetChars(bytes, buffer)];

    /// <summary>ASCII letters become small, other bytes stay.</summary>
    public static string Lower(string text) => string.Create(text.Length, text, static (to, from) =>
    {
        for (var i = 0; i < to.Length; i++)
            to[i] = from[i] is >= 'A' and <= 'Z' ? (char)(from[i] | 0x20) : from[i];
    });

    public static byte Lower(byte value) => value is >= (byte)'A' and <= (byte)'Z' ? (byte)(value | 0x20) : value;

    /// <summary>Equal but for the case of ASCII letters.</summary>
    public static bool EqualsIgnoreCase(string a, string b) => a.Length == b.Length && Lower(a) == Lower(b);
}
