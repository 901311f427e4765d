namespace Microcosm.Http;

/// <summary>The head of a request to an upstream server. Fields of the connection (Connection, Transfer-Encoding, Content-Length) are the
/// caller's; where the version of HTTP has no place for them they are left out.</summary>
public readonly ref struct UpstreamRequest
{
    /// <summary>The method.</summary>
    public required HttpMethod Method { get; init; }

    /// <summary>Its name, as it is sent.</summary>
    public required ReadOnlySpan<byte> MethodName { get; init; }

    /// <summary>The target.</summary>
    public required ReadOnlySpan<byte> Target { get; init; }

    /// <summary>The fields. A Host among them is a field in every version.</summary>
    public required HeaderList Headers { get; init; }

    /// <summary>Of HTTP/2: the host in its own place (<c>:authority</c>); empty for none.</summary>
    public ReadOnlySpan<byte> Authority { get; init; }

    /// <summary>As HTTP/1.0.</summary>
    public bool IsHttp10 { get; init; }

    /// <summary>Of HTTP/1: the body that follows is to be chunked, as a field says.</summary>
    public bool IsChunked { get; init; }

    /// <summary>Nothing of a body follows, only the end.</summary>
    public bool HasNoBody { get; init; }
}
