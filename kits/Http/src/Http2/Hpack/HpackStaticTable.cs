using System.Text;

namespace Microcosm.Http;

/// <summary>The headers that both sides know from the start (RFC 7541 appendix A).</summary>
internal static class HpackStaticTable
{
    private static readonly (string Name, string Value)[] Texts =
    [
        (":authority", ""), (":method", "GET"), (":method", "POST"), (":path", "/"), (":path", "/index.html"), (":scheme", "http"),
        (":scheme", "https"), (":status", "200"), (":status", "204"), (":status", "206"), (":status", "304"), (":status", "400"),
        (":status", "404"), (":status", "500"), ("accept-charset", ""), ("accept-encoding", "gzip, deflate"), ("accept-language", ""),
        ("accept-ranges", ""), ("accept", ""), ("access-control-allow-origin", ""), ("age", ""), ("allow", ""), ("authorization", ""),
        ("cache-control", ""), ("content-disposition", ""), ("content-encoding", ""), ("content-language", ""), ("content-length", ""),
        ("content-location", ""), ("content-range", ""), ("content-type", ""), ("cookie", ""), ("date", ""), ("etag", ""),
        ("expect", ""), ("expires", ""), ("from", ""), ("host", ""), ("if-match", ""), ("if-modified-since", ""), ("if-none-match", ""),
        ("if-range", ""), ("if-unmodified-since", ""), ("last-modified", ""), ("link", ""), ("location", ""), ("max-forwards", ""),
        ("proxy-authenticate", ""), ("proxy-authorization", ""), ("range", ""), ("referer", ""), ("refresh", ""), ("retry-after", ""),
        ("server", ""), ("set-cookie", ""), ("strict-transport-security", ""), ("transfer-encoding", ""), ("user-agent", ""),
        ("vary", ""), ("via", ""), ("www-authenticate", ""),
    ];

    private static readonly (byte[] Name, byte[] Value)[] Entries =
        [.. Texts.Select(t => (Encoding.ASCII.GetBytes(t.Name), Encoding.ASCII.GetBytes(t.Value)))];

    private static readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> ByName = MakeByName();

    /// <summary>Entries have the indices 1 to this.</summary>
    public static int Count => Entries.Length;

    public static (byte[] Name, byte[] Value) Get(int index) => Entries[index - 1];

    /// <summary>The first index with that name, in lower case, or 0; and the index with that value too, or 0.</summary>
    public static (int Name, int Both) Find(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        const int longest = 32;
        if (name.Length > longest)
            return default;
        Span<char> chars = stackalloc char[longest];
        if (!ByName.TryGetValue(chars[..Encoding.Latin1.GetChars(name, chars)], out var first))
            return default;
        for (var index = first; index <= Count && name.SequenceEqual(Entries[index - 1].Name); index++)
        {
            if (value.SequenceEqual(Entries[index - 1].Value))
                return (first, index);
        }
        return (first, 0);
    }

    private static Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> MakeByName()
    {
        var byName = new Dictionary<string, int>();
        for (var i = 0; i < Texts.Length; i++)
            byName.TryAdd(Texts[i].Name, i + 1);
        return byName.GetAlternateLookup<ReadOnlySpan<char>>();
    }
}
