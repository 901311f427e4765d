using System.Net;
using System.Net.Sockets;
using Microcosm.Runtime;
using Microsoft.AspNetCore.Connections;

namespace Microcosm.Http;

/// <summary>A node of a world, live or simulated: links, faults and clocks of the world act on it.</summary>
public sealed class NodeHttpNetwork : IHttpNetwork
{
    private readonly INodeNetwork _network;

    /// <summary>Of a node.</summary>
    public NodeHttpNetwork(NodeContext context)
    {
        _network = context.Network;
        Workers = [new Worker(context)];
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
        return new Listener(await _network.ListenAsync(port, sessions(Workers[0]), CancellationToken.None));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Worker(NodeContext context) : HttpWorker(context.Executor, context.Clock, 0)
    {
        public override IPendingConnect Connect(EndPoint remote, ConnectOptions options, IConnectHandler handler)
        {
            var attempt = new Attempt(context.Executor, handler);
            // In a turn of its own: the handler is not called back inside this call.
            context.Executor.Post(() => _ = attempt.RunAsync(context.Network, remote));
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

    private sealed class Listener(INodeListener listener) : IHttpListener
    {
        public EndPoint Address => listener.Address;

        public IReadOnlyList<int> Descriptors => [];

        public ValueTask CloseAsync() => listener.CloseAsync();
    }
}
