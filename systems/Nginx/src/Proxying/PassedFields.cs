namespace Microcosm.Nginx;

/// <summary>Which fields pass between client and server unless a configuration says otherwise, by the way a server is spoken to.</summary>
/// <param name="Hidden">Fields of responses that clients do not see.</param>
/// <param name="Replaced">Fields of requests that belong to the client's connection.</param>
/// <param name="Made">Those of them that are sent with a value of ours.</param>
internal sealed record PassedFields(string[] Hidden, string[] Replaced, string[] Made)
{
    private static readonly string[] UsuallyHidden =
        ["Date", "Server", "X-Accel-Expires", "X-Accel-Redirect", "X-Accel-Limit-Rate", "X-Accel-Buffering", "X-Accel-Charset"];

    // The host stands first, apart.
    private static readonly string[] OfConnections =
        ["Host", "Connection", "Proxy-Connection", "Content-Length", "Transfer-Encoding", "TE", "Keep-Alive", "Expect", "Upgrade"];

    /// <summary>proxy_pass over HTTP/1.</summary>
    public static PassedFields Http1 { get; } =
        new([.. UsuallyHidden, "X-Pad"], OfConnections, ["Content-Length", "Transfer-Encoding"]);

    /// <summary>proxy_pass over HTTP/2, which frames bodies by itself.</summary>
    public static PassedFields Http2 { get; } = Http1 with { Made = ["Content-Length"] };

    /// <summary>grpc_pass.</summary>
    public static PassedFields Grpc { get; } = new(UsuallyHidden, OfConnections, ["Content-Length", "TE"]);
}
