using System.Net;

namespace Microcosm.Runtime;

/// <summary>How a connection is opened.</summary>
public sealed record ConnectOptions
{
    /// <summary>What everybody gets who asks for nothing.</summary>
    public static ConnectOptions Default { get; } = new();

    /// <summary>The own address, or null for the system's choice; a port of 0 takes a free one.</summary>
    public IPEndPoint? Local { get; init; }

    /// <summary>Receive buffer, in bytes; 0 leaves the system's.</summary>
    public int ReceiveBufferBytes { get; init; }

    /// <summary>Send buffer, in bytes; 0 leaves the system's.</summary>
    public int SendBufferBytes { get; init; }

    /// <summary>The kernel probes a silent peer (SO_KEEPALIVE).</summary>
    public bool KeepAlive { get; init; }
}
