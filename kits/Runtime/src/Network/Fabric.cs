using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Microcosm.Runtime;

/// <summary>
/// A world's network: who listens where, in memory and on real sockets, and the links between. Nodes meet it as <see cref="INodeNetwork"/>,
/// clients in the same process by <see cref="ConnectAsync"/>. Thread-safe.
/// </summary>
public sealed class Fabric(TimeProvider clock, Seed seed, NodeExecutor wire, ISocketHost? sockets = null)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<NodeEndPoint, FabricListener> _listeners = [];
    private readonly Dictionary<string, NodeNetwork> _nodes = [];
    private long _connections;

    /// <summary>The state of the links.</summary>
    public Links Links { get; } = new();

    /// <summary>
    /// The real address that a node's port gets, or null for none. A port of 0 takes a free one, which the node keeps over restarts.
    /// </summary>
    public Func<NodeEndPoint, IPEndPoint?> SocketAddressOf { get; set; } = _ => null;

    internal ISocketHost? Sockets { get; } = sockets;

    /// <summary>Gives one generation of a node its network.</summary>
    public INodeNetwork Attach(string node, NodeExecutor executor)
    {
        var network = new NodeNetwork(this, node, executor);
        lock (_gate)
            _nodes[node] = network;
        return network;
    }

    /// <summary>Ends a node's network: listeners close, connections are reset.</summary>
    public void Detach(string node)
    {
        NodeNetwork? network;
        lock (_gate)
            _nodes.Remove(node, out network);
        network?.Shut();
    }

    /// <summary>
    /// Connects a client of this process, under a name that links and faults know, to a node. Throws <see cref="SocketException"/> if
    /// nobody
    /// listens there.
    /// </summary>
    public async ValueTask<ConnectionContext> ConnectAsync(string client, NodeEndPoint remote, CancellationToken cancellation = default)
    {
        var id = Interlocked.Increment(ref _connections);
        var random = seed.Stream($"link/{client}/{remote}/{id}");
        var there = new LinkPump(Links, clock, random, client, remote.Node);
        var back = new LinkPump(Links, clock, random, remote.Node, client);
        // A handshake is one trip there and one back.
        await there.TravelAsync(40, cancellation);
        await back.TravelAsync(40, cancellation);
        FabricListener? listener;
        lock (_gate)
            _listeners.TryGetValue(remote, out listener);
        if (listener is null)
            throw new SocketException((int)SocketError.ConnectionRefused);
        var local = new NodeEndPoint(client, (int)(49152 + id % 16384));
        var near = new MemoryConnection($"{client}-{id}", local, remote);
        var far = new MemoryConnection($"{remote.Node}-{id}", remote, local);
        near.Peer = far;
        far.Peer = near;
        wire.Post(() =>
        {
            _ = there.RunAsync(near.Written, far.Arriving, far.ConnectionClosed);
            _ = back.RunAsync(far.Written, near.Arriving, near.ConnectionClosed);
        });
        listener.Accept(far);
        return near;
    }

    /// <summary>Connects and gives a stream, for client libraries that take one.</summary>
    public async ValueTask<Stream> ConnectStreamAsync(string client, NodeEndPoint remote, CancellationToken cancellation = default) =>
        new ConnectionStream(await ConnectAsync(client, remote, cancellation));

    internal void Add(FabricListener listener)
    {
        lock (_gate)
        {
            if (!_listeners.TryAdd(listener.Address, listener))
                throw new AddressInUseException($"{listener.Address} is in use");
        }
    }

    internal void Remove(FabricListener listener)
    {
        lock (_gate)
        {
            if (_listeners.GetValueOrDefault(listener.Address) == listener)
                _listeners.Remove(listener.Address);
        }
    }
}
