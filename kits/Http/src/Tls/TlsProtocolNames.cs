namespace Microcosm.Http;

/// <summary>Protocols of applications, the one liked best first (ALPN, RFC 7301).</summary>
public sealed class TlsProtocolNames
{
    private readonly byte[] _bytes;

    /// <summary>Throws <see cref="ArgumentException"/> for a name that has not 1 to 255 bytes.</summary>
    public TlsProtocolNames(params IReadOnlyList<string> names) => _bytes = AlpnNames.Encode(names);

    /// <summary>As the extension has them; they do not move.</summary>
    internal ReadOnlySpan<byte> Bytes => _bytes;
}
