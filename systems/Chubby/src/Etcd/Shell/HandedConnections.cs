#pragma warning disable RS0030 // Kestrel's accept loop reads the channel, on the thread pool; no node does.
using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Microcosm.Chubby.Etcd;

/// <summary>Where Kestrel accepts connections from: nodes hand them over.</summary>
/// <param name="name">Which ones, for logs.</param>
internal sealed class HandedConnections(string name) : IConnectionListenerFactory, IConnectionListenerFactorySelector, IConnectionListener
{
    private readonly Channel<HandedConnection> _queue = Channel.CreateUnbounded<HandedConnection>();

    /// <summary>Stands for no address.</summary>
    public EndPoint EndPoint { get; } = new HandedEndPoint(name);

    public void Hand(HandedConnection connection) => _queue.Writer.TryWrite(connection);

    public bool CanBind(EndPoint endpoint) => ReferenceEquals(endpoint, EndPoint);

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => new(this);

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await _queue.Reader.WaitToReadAsync(cancellationToken) && _queue.Reader.TryRead(out var connection) ? connection : null;

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _queue.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => UnbindAsync();

    private sealed class HandedEndPoint(string name) : EndPoint
    {
        public override string ToString() => name;
    }
}
