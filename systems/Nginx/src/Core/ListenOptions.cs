namespace Microcosm.Nginx;

/// <summary>What a <c>listen</c> directive says of its socket.</summary>
internal sealed record ListenOptions
{
    public bool IsDefault { get; init; }

    /// <summary>The socket's own options were given: they may be given once an address.</summary>
    public bool HasSocketOptions { get; init; }

    public bool IsTls { get; init; }

    public bool IsHttp2 { get; init; }

    public bool IsProxyProtocol { get; init; }

    public bool IsUdp { get; init; }

    public bool IsReusePort { get; init; }

    public bool IsDeferred { get; init; }

    public bool IsIpv6Only { get; init; } = true;

    public int Backlog { get; init; } = 511;

    /// <summary>Bytes; -1 for the system's own.</summary>
    public long ReceiveBufferBytes { get; init; } = -1;

    /// <summary>Bytes; -1 for the system's own.</summary>
    public long SendBufferBytes { get; init; } = -1;

    /// <summary>Null for the system's own.</summary>
    public TcpKeepAlive? KeepAlive { get; init; }

    /// <summary>Length of the queue; -1 for off.</summary>
    public int FastOpen { get; init; } = -1;
}
