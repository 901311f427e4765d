using System.Net;

namespace Microcosm.Runtime;

/// <summary>A real port that a node listens on. Thread-safe.</summary>
public interface ISocketListener
{
    /// <summary>The address, with the port that was taken.</summary>
    IPEndPoint EndPoint { get; }

    /// <summary>Stops accepting; open connections stay open.</summary>
    ValueTask CloseAsync();

    /// <summary>Resets every connection that this listener accepted: the node died.</summary>
    void AbortConnections();

    /// <summary>Resets the connections that are open, and goes on accepting: the network forgot them, and the node lives.</summary>
    void ResetConnections();
}
