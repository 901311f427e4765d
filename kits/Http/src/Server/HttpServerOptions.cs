namespace Microcosm.Http;

/// <summary>
/// How requests are read and connections kept; the defaults and the meaning of each are nginx'. Times are in milliseconds. An exchange
/// takes
/// its connection's options, and may be given others once it is known who serves it.
/// </summary>
public sealed record HttpServerOptions
{
    /// <summary>nginx' own.</summary>
    public static HttpServerOptions Default { get; } = new();

    /// <summary>How large a head may be.</summary>
    public HeadLimits HeadLimits { get; init; } = HeadLimits.Default;

    /// <summary>Fields whose names have underscores are taken like others (underscores_in_headers).</summary>
    public bool UnderscoresInHeaders { get; init; }

    /// <summary>Fields whose names have odd bytes are dropped (ignore_invalid_headers).</summary>
    public bool IgnoreInvalidHeaders { get; init; } = true;

    /// <summary>OPTIONS with the target <c>*</c> is a request.</summary>
    public bool TakesAsterisk { get; init; }

    /// <summary>Responses of unknown length are chunked, where the client can read that.</summary>
    public bool ChunkedTransferEncoding { get; init; } = true;

    /// <summary>Responses say <c>Connection: keep-alive</c> also where that is the default.</summary>
    public bool AnnouncesKeepAlive { get; init; } = true;

    /// <summary>For a whole head.</summary>
    public long ClientHeaderTimeoutMs { get; init; } = 60_000;

    /// <summary>Between two reads of a body.</summary>
    public long ClientBodyTimeoutMs { get; init; } = 60_000;

    /// <summary>Between two sends that move something.</summary>
    public long SendTimeoutMs { get; init; } = 60_000;

    /// <summary>Without a request; 0 closes after each response.</summary>
    public long KeepAliveTimeoutMs { get; init; } = 75_000;

    /// <summary>Without a request, while connections are ended to make room or because the server ends; it may be in their way.</summary>
    public long KeepAliveMinTimeoutMs { get; init; }

    /// <summary>What <c>Keep-Alive: timeout=</c> says, in seconds; 0 says nothing.</summary>
    public int KeepAliveHeaderSeconds { get; init; }

    /// <summary>Requests of one connection, at most.</summary>
    public int KeepAliveRequestsMax { get; init; } = 1000;

    /// <summary>Age of a connection that takes another request, at most.</summary>
    public long KeepAliveTimeMs { get; init; } = 3_600_000;

    /// <summary>Whether to read on before a connection is closed.</summary>
    public LingeringClose Lingering { get; init; } = LingeringClose.On;

    /// <summary>Reading on, in all.</summary>
    public long LingeringTimeMs { get; init; } = 30_000;

    /// <summary>Reading on, between two reads.</summary>
    public long LingeringTimeoutMs { get; init; } = 5_000;

    /// <summary>A connection that timed out is reset rather than ended in order (reset_timedout_connection).</summary>
    public bool ResetTimedOut { get; init; }

    /// <summary>Unsent output above which whoever writes had better wait for <see cref="IExchangeHandler.Drained"/>, in bytes.</summary>
    public long OutputHighWaterBytes { get; init; } = 256 * 1024;

    /// <summary>The largest frame of a response's body, over HTTP/2 (http2_chunk_size).</summary>
    public int Http2ChunkBytes { get; init; } = 8_192;
}
