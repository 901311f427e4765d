using System.Net;
using System.Net.Sockets;
using Microcosm.Runtime;
using Microsoft.AspNetCore.Connections;

namespace Microcosm.Http;

/// <summary>A node of a world, live or simulated: links, faults and clocks of the world act on it. Servers are named by nodes, by the
/// addresses that the world gives to these (<see cref="NodeAddresses"/>), or by addresses outside of it.</summary>
public sealed class NodeHttpNetwork : IHttpNetwork
{
    private readonly INodeNetwork _network;
    private readonly NodeContext _context;
    private readonly HashSet<int> _ports = [];

    /// <summary>Of a node.</summary>
    public NodeHttpNetwork(NodeContext context)
    {
        (_context, _network) = (context, context.Network);
        Workers = [new Worker(this)];
    }

    /// <inheritdoc/>
    public IReadOnlyList<HttpWorker> Workers { get; }

    /// <summary>Listens on the port of <paramref name="address"/>, a <see cref="NodeEndPoint"/> or an <see cref="IPEndPoint"/>; options of
    /// sockets are the world's. Throws <see cref="NotSupportedException"/> for an address without a port.</summary>
    public async ValueTask<IHttpListener> ListenAsync(
        EndPoint address, ListenOptions options, Func<HttpWorker, ISessionFactory> sessions)
    {
        var port = address switch
        {
            NodeEndPoint node => node.Port,
            IPEndPoint ip => ip.Port,
            _ => throw new NotSupportedException($"a node listens on ports, not on {address}"),
        };
        var listener = await _network.ListenAsync(port, sessions(Workers[0]), CancellationToken.None);
        _ports.Add(port);
        return new Listener(this, listener);
    }

    /// <summary>The network of a world has no messages without connections: throws <see cref="NotSupportedException"/>.</summary>
    public ValueTask<IHttpListener> ListenDatagramsAsync(
        EndPoint address, ListenOptions options, Func<HttpWorker, IDatagramFactory> factories) =>
        throw new NotSupportedException("a node of a world takes no datagrams");

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // An address of the world is a node's, and the node's own loopback address its own where it listens there.
    private EndPoint Find(EndPoint remote) => remote is not IPEndPoint ip ? remote
        : IPAddress.IsLoopback(ip.Address) && _ports.Contains(ip.Port) ? new NodeEndPoint(_context.Name, ip.Port)
        : _network.Addresses.NameAt(ip.Address) is { } name ? new NodeEndPoint(name, ip.Port)
        : remote;

    private sealed class Worker(NodeHttpNetwork network) : HttpWorker(network._context.Executor, network._context.Clock, 0)
    {
        public override IPendingConnect Connect(EndPoint remote, ConnectOptions options, IConnectHandler handler)
        {
            var attempt = new Attempt(Executor, handler);
            // In a turn of its own: the handler is not called back inside this call.
            Executor.Post(() => _ = attempt.RunAsync(network._network, network.Find(remote)));
            return attempt;
        }
    }

    private sealed class Attempt(NodeExecutor executor, IConnectHandler handler) : IPendingConnect, ISessionFactory
    {
        private readonly CancellationTokenSource _cancellation = new();
        private bool _isTold;

        public void Cancel()
        {
            if (!_isTold)
                _cancellation.Cancel();
        }

        public async Task RunAsync(INodeNetwork network, EndPoint remote)
        {
            try
            {
                var connection = await OpenAsync(network, remote);
                await executor.SwitchTo();
                if (_cancellation.IsCancellationRequested)
                {
                    connection.Abort(new ConnectionAbortedException("given up"));
                    return;
                }
                _isTold = true;
                await new SessionConnectionHandler(executor, this).RunAsync(connection);
                await connection.DisposeAsync();
            }
            catch (SocketException e)
            {
                await executor.SwitchTo();
                _isTold = true;
                if (!_cancellation.IsCancellationRequested)
                    handler.Failed(new ConnectFailedException(ConnectFailedException.ErrnoOf(e.SocketErrorCode)));
            }
            catch (OperationCanceledException)
            {
                // It was given up: nobody is told.
            }
        }

        public Session? Accept(SessionTransport transport) => handler.Connected(transport);

        private ValueTask<ConnectionContext> OpenAsync(INodeNetwork network, EndPoint remote) => remote switch
        {
            NodeEndPoint node => network.ConnectAsync(node, _cancellation.Token),
            DnsEndPoint dns => network.ConnectAsync(dns, _cancellation.Token),
            IPEndPoint ip => network.ConnectAsync(new DnsEndPoint(ip.Address.ToString(), ip.Port), _cancellation.Token),
            _ => throw new NotSupportedException($"a node does not connect to {remote}"),
        };
    }

    private sealed class Listener(NodeHttpNetwork network, INodeListener listener) : IHttpListener
    {
        public EndPoint Address => listener.Address;

        public IReadOnlyList<int> Descriptors => [];

        // Processes pause to hand their sockets over; a node has neither signals nor successors.
        public ValueTask PauseAsync() => throw new NotSupportedException("a node of a world does not pause listening");

        public ValueTask ResumeAsync() => throw new NotSupportedException("a node of a world does not pause listening");

        public ValueTask CloseAsync()
        {
            network._ports.Remove(listener.Address.Port);
            return listener.CloseAsync();
        }
    }
}
