using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Microcosm.Runtime;

/// <summary>Carries sessions on event loops: each listener lives on the loop that carries its node.</summary>
public sealed class LoopSocketHost : ISocketHost
{
    private readonly KestrelSocketHost _streams = new();

    /// <inheritdoc/>
    public async ValueTask<ISocketListener> ListenAsync(
        IPEndPoint address, NodeExecutor executor, ISessionFactory sessions, NetworkConditions? conditions,
        CancellationToken cancellation)
    {
        if (executor.Carrier is not EventLoop loop)
            throw new ArgumentException("The node is not carried by an event loop.", nameof(executor));
        var fd = ListeningSocket.Open(address, isShared: false, out var endPoint);
        var listener = new LoopListener(loop, executor, sessions, conditions, fd, endPoint);
        await listener.StartAsync();
        return listener;
    }

    /// <inheritdoc/>
    public ValueTask<ISocketListener> ListenAsync(
        IPEndPoint address, NodeExecutor executor, ConnectionDelegate handler, NetworkConditions? conditions,
        CancellationToken cancellation) =>
        _streams.ListenAsync(address, executor, handler, conditions, cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _streams.DisposeAsync();
}
