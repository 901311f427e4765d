using System.Text;
using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>Responses of one key that differ by fields of the request, which Vary names (ngx_http_file_cache_vary).</summary>
internal static class Variants
{
    private static readonly byte[][] Lists = ["accept-charset"u8.ToArray(), "accept-encoding"u8.ToArray(), "accept-language"u8.ToArray()];

    /// <summary>The key of what this request gets.</summary>
    /// <param name="vary">Names, set apart by commas.</param>
    public static CacheKey Of(CacheKey main, ReadOnlySpan<byte> vary, HeaderList request)
    {
        var text = new List<byte>(Encoding.ASCII.GetBytes(main.Value.ToString("x32", null)));
        foreach (var range in vary.SplitAny(" ,"u8))
        {
            var name = vary[range];
            if (name.IsEmpty)
                continue;
            var small = new byte[name.Length];
            Ascii.ToLower(name, small, out _);
            text.AddRange(small);
            text.Add((byte)':');
            AddValues(text, small, request);
            text.AddRange("\r\n"u8);
        }
        return CacheKey.Of(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(text));
    }

    // Of lists spaces do not count.
    private static void AddValues(List<byte> text, byte[] name, HeaderList request)
    {
        var isList = Array.Exists(Lists, l => l.AsSpan().SequenceEqual(name));
        var isFirst = true;
        for (var i = request.IndexOf(name); i >= 0; i = request.IndexOf(name, i + 1))
        {
            var value = request[i].Value;
            if (!isList)
            {
                Add(text, value, ref isFirst);
                continue;
            }
            foreach (var range in value.SplitAny(" ,"u8))
            {
                if (!value[range].IsEmpty)
                    Add(text, value[range], ref isFirst);
            }
        }
    }

    private static void Add(List<byte> text, ReadOnlySpan<byte> value, ref bool isFirst)
    {
        if (!isFirst)
            text.Add((byte)',');
        text.AddRange(value);
        isFirst = false;
    }
}
