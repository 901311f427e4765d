using System.Text;

namespace Microcosm.Http;

/// <summary>Lists of words between commas (RFC 9110 5.6.1).</summary>
public static class Tokens
{
    /// <summary>True where the list has the word, in whatever case.</summary>
    public static bool Contains(ReadOnlySpan<byte> list, ReadOnlySpan<byte> word)
    {
        while (true)
        {
            var comma = list.IndexOf((byte)',');
            var item = (comma < 0 ? list : list[..comma]).Trim(" \t"u8);
            if (Ascii.EqualsIgnoreCase(item, word))
                return true;
            if (comma < 0)
                return false;
            list = list[(comma + 1)..];
        }
    }
}
