namespace Microcosm.Nginx;

/// <summary>Whether a filter is for a response's type (ngx_http_test_content_type).</summary>
internal static class ContentTypes
{
    private const int TypeBytesMax = 128;

    public static bool IsOneOf(Response response, TypeSet types)
    {
        if (types.IsAll)
            return true;
        if (response.ContentType is not { Length: > 0 })
            return false;
        var type = response.TypeAlone;
        if (type.Length > TypeBytesMax)
            return false;
        Span<char> text = stackalloc char[type.Length];
        for (var i = 0; i < type.Length; i++)
            text[i] = (char)(type[i] is >= (byte)'A' and <= (byte)'Z' ? type[i] | 0x20 : type[i]);
        return types.Contains(text);
    }
}
