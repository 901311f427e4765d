namespace Microcosm.Http;

/// <summary>Methods and their names.</summary>
public static class HttpMethods
{
    private static readonly byte[][] Names =
    [
        [], [.. "GET"u8], [.. "HEAD"u8], [.. "POST"u8], [.. "PUT"u8], [.. "DELETE"u8], [.. "OPTIONS"u8], [.. "PATCH"u8],
        [.. "CONNECT"u8], [.. "TRACE"u8], [.. "MKCOL"u8], [.. "COPY"u8], [.. "MOVE"u8], [.. "PROPFIND"u8], [.. "PROPPATCH"u8],
        [.. "LOCK"u8], [.. "UNLOCK"u8],
    ];

    /// <summary>The method of a name; names are case-sensitive (RFC 9110 9.1).</summary>
    public static HttpMethod Of(ReadOnlySpan<byte> name)
    {
        for (var i = 1; i < Names.Length; i++)
        {
            if (name.SequenceEqual(Names[i]))
                return (HttpMethod)i;
        }
        return HttpMethod.Other;
    }

    /// <summary>The name; empty for <see cref="HttpMethod.Other"/>.</summary>
    public static ReadOnlySpan<byte> Name(HttpMethod method) => Names[(int)method];

    /// <summary>True where a request may be sent again without harm (RFC 9110 9.2.2).</summary>
    public static bool IsIdempotent(HttpMethod method) => method is HttpMethod.Get or HttpMethod.Head or HttpMethod.Put
        or HttpMethod.Delete or HttpMethod.Options or HttpMethod.Trace or HttpMethod.PropFind or HttpMethod.PropPatch or HttpMethod.MkCol
        or HttpMethod.Copy or HttpMethod.Move or HttpMethod.Unlock;
}
