namespace Microcosm.Runtime;

/// <summary>How sockets listen; the words are those of listen(2), tcp(7) and ipv6(7).</summary>
public sealed record ListenOptions
{
    /// <summary>Connections that wait to be accepted, at most.</summary>
    public int Backlog { get; init; } = LoopListener.BacklogMax;

    /// <summary>A socket a loop, over which the kernel spreads connections (SO_REUSEPORT); else one that all loops accept from. Not for
    /// Unix sockets.</summary>
    public bool ReusePort { get; init; }

    /// <summary>Accepts a connection only when it has sent something (TCP_DEFER_ACCEPT).</summary>
    public bool DeferAccept { get; init; }

    /// <summary>An IPv6 wildcard takes no IPv4 connections.</summary>
    public bool Ipv6Only { get; init; } = true;

    /// <summary>Receive buffer of accepted connections, in bytes; 0 leaves the system's.</summary>
    public int ReceiveBufferBytes { get; init; }

    /// <summary>Send buffer of accepted connections, in bytes; 0 leaves the system's.</summary>
    public int SendBufferBytes { get; init; }

    /// <summary>Probes of silent connections, or null for the system's default.</summary>
    public KeepAliveProbes? KeepAlive { get; init; }

    /// <summary>Connections that may wait with data before their handshake ended (TCP_FASTOPEN); 0 is off.</summary>
    public int FastOpen { get; init; }

    /// <summary>Sockets that listen already, inherited from another process, in place of new ones. They are the listener's from now
    /// on.</summary>
    public IReadOnlyList<int> Descriptors { get; init; } = [];
}
