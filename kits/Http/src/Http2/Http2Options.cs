namespace Microcosm.Http;

/// <summary>Limits of HTTP/2 connections; the defaults are nginx'.</summary>
public sealed record Http2Options
{
    public static Http2Options Default { get; } = new();

    /// <summary>Streams open at once, at most (http2_max_concurrent_streams).</summary>
    public int ConcurrentStreamsMax { get; init; } = 128;

    /// <summary>Bytes of a body that a client may send before they are asked for (http2_body_preread_size).</summary>
    public int InitialWindow { get; init; } = 65_536;

    /// <summary>Bytes of a body that a client may send ahead once it is being read; where it is less than
    /// <see cref="InitialWindow"/>, that counts.</summary>
    public int BodyWindow { get; init; } = 131_072;
}
