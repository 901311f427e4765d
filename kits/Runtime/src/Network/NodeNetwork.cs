using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Microcosm.Runtime;

/// <summary>The fabric as one generation of a node sees it.</summary>
internal sealed class NodeNetwork(Fabric fabric, string node, NodeExecutor executor, NetworkConditions conditions) : INodeNetwork
{
    private readonly Lock _gate = new();
    private readonly List<FabricListener> _listeners = [];
    private readonly List<ConnectionContext> _outgoing = [];
    private readonly OutsideSockets _outside = new();

    public NodeAddresses Addresses => fabric.Addresses;

    public ValueTask<INodeListener> ListenAsync(int port, ISessionFactory sessions, CancellationToken cancellation)
    {
        var handler = new SessionConnectionHandler(executor, sessions);
        return ListenAsync(port, handler.RunAsync, (real, at) => real.ListenAsync(at, executor, sessions, conditions, cancellation));
    }

    public ValueTask<INodeListener> ListenAsync(int port, ConnectionDelegate handler, CancellationToken cancellation) =>
        ListenAsync(port, handler, (real, at) => real.ListenAsync(at, executor, handler, conditions, cancellation));

    public async ValueTask<ConnectionContext> ConnectAsync(NodeEndPoint remote, CancellationToken cancellation)
    {
        var connection = await fabric.ConnectAsync(node, remote, cancellation);
        lock (_gate)
        {
            _outgoing.RemoveAll(c => c.ConnectionClosed.IsCancellationRequested);
            _outgoing.Add(connection);
        }
        return connection;
    }

    public ValueTask<ConnectionContext> ConnectAsync(DnsEndPoint remote, CancellationToken cancellation) =>
        _outside.ConnectAsync(remote, cancellation);

    /// <summary>The generation is over.</summary>
    public void Shut()
    {
        lock (_gate)
        {
            foreach (var listener in _listeners)
                listener.Shut();
            foreach (var connection in _outgoing)
                connection.Abort(new ConnectionAbortedException($"{node} is down"));
        }
        _outside.Shut();
    }

    // Between the choice of a port and its use another process may take it.
    private async ValueTask<ISocketListener> ListenAsync(
        NodeEndPoint address, IPEndPoint real, Func<IPEndPoint, ValueTask<ISocketListener>> listen)
    {
        while (true)
        {
            try
            {
                return await listen(real);
            }
            catch (AddressInUseException) when (fabric.OtherSocketAddressOf(address) is { } other)
            {
                real = other;
            }
        }
    }

    private async ValueTask<INodeListener> ListenAsync(
        int port, ConnectionDelegate handler, Func<ISocketHost, IPEndPoint, ValueTask<ISocketListener>> listen)
    {
        var address = new NodeEndPoint(node, port);
        var listener = new FabricListener(fabric, address, executor, handler, conditions);
        if (fabric.Sockets is { } sockets && fabric.SocketAddressOf(address) is { } real)
            listener.RealListener = await ListenAsync(address, real, at => listen(sockets, at));
        fabric.Add(listener);
        lock (_gate)
            _listeners.Add(listener);
        return listener;
    }
}
