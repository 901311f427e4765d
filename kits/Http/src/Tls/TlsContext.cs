namespace Microcosm.Http;

/// <summary>
/// What connections of one kind have in common. Immutable, for all loops; connections keep it alive, and the collector frees it. What it
/// takes from OpenSSL's random numbers and the machine's clock (ages of sessions) is no function of a world's seed.
/// </summary>
public abstract class TlsContext
{
    /// <summary>The content of a record is no longer, in bytes (RFC 8446 section 5.1).</summary>
    public const int RecordBytesMax = 16 * 1024;

    private protected TlsContext(int bufferBytes, long handshakeTimeoutMs, bool ignoresUnexpectedEof)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bufferBytes, 1);
        BufferBytes = Math.Min(bufferBytes, RecordBytesMax);
        HandshakeTimeoutMs = handshakeTimeoutMs;
        IgnoresUnexpectedEof = ignoresUnexpectedEof;
    }

    /// <summary>A record's content, at most, in bytes.</summary>
    public int BufferBytes { get; }

    /// <summary>For a whole handshake.</summary>
    public long HandshakeTimeoutMs { get; }

    /// <summary>An end of input without close_notify is an end like another.</summary>
    public bool IgnoresUnexpectedEof { get; }

    /// <summary>Whether the peer's certificate is looked at, by the clock of the node.</summary>
    internal bool Verifies { get; private protected init; }

    internal ContextHandle Handle { get; } = new();

    internal nint Pointer => Handle.DangerousGetHandle();
}
