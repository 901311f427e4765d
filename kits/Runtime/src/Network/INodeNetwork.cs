using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Microcosm.Runtime;

/// <summary>
/// A node's door to the fabric. Listening makes the node reachable for other nodes and in-process clients under
/// <c>node:port</c> and, in a live world, on a real socket; connecting goes through the links of the world and their state.
/// </summary>
public interface INodeNetwork
{
    /// <summary>The names that can be connected to, with addresses for those who need some.</summary>
    NodeAddresses Addresses { get; }

    /// <summary>
    /// Serves <paramref name="sessions"/> on the node's <paramref name="port"/>. The carrier is the world's choice: the event loop,
    /// Kestrel, or memory. Throws <see cref="AddressInUseException"/> when the real port is taken.
    /// </summary>
    ValueTask<INodeListener> ListenAsync(int port, ISessionFactory sessions, CancellationToken cancellation);

    /// <summary>Serves a connection handler, for protocols that need streams (gRPC, TLS through a library). Slower than sessions.</summary>
    ValueTask<INodeListener> ListenAsync(int port, ConnectionDelegate handler, CancellationToken cancellation);

    /// <summary>
    /// Opens a connection to another node. Continuations run on this node's executor.
    /// Throws <see cref="System.Net.Sockets.SocketException"/> (refused, unreachable, timed out), as a socket would.
    /// </summary>
    ValueTask<ConnectionContext> ConnectAsync(NodeEndPoint remote, CancellationToken cancellation);

    /// <summary>
    /// Opens a connection to a server outside of the world, by name or address, over a real socket: what stands before an external engine
    /// needs it. Links and rules do not act on it; it ends with the node, after what is written has been sent. Its pipes continue
    /// anywhere: <c>await executor.SwitchTo()</c>. Throws <see cref="System.Net.Sockets.SocketException"/>.
    /// </summary>
    ValueTask<ConnectionContext> ConnectAsync(DnsEndPoint remote, CancellationToken cancellation);
}
