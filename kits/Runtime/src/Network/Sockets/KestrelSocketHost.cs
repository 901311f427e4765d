using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Microcosm.Runtime;

/// <summary>The portable host: Kestrel's socket transport without its web server. Sessions are carried by <see
/// cref="SessionConnectionHandler"/>.</summary>
public sealed class KestrelSocketHost : ISocketHost
{
    private readonly SocketTransportFactory _transport = new(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);

    /// <inheritdoc/>
    public ValueTask<ISocketListener> ListenAsync(
        IPEndPoint address, NodeExecutor executor, ISessionFactory sessions, NetworkConditions? conditions,
        CancellationToken cancellation) =>
        ListenAsync(address, executor, new SessionConnectionHandler(executor, sessions).RunAsync, conditions, cancellation);

    /// <inheritdoc/>
    public async ValueTask<ISocketListener> ListenAsync(
        IPEndPoint address, NodeExecutor executor, ConnectionDelegate handler, NetworkConditions? conditions,
        CancellationToken cancellation)
    {
        var listener = await _transport.BindAsync(address, cancellation);
        return new KestrelListener(listener, executor, handler, conditions);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
