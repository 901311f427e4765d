#pragma warning disable RS0030 // This is a shell with real sockets. A socket must be known here also where the node dies while it connects,
// so nothing here runs on the node's executor.
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;

namespace Microcosm.Runtime;

/// <summary>Connections of one generation of a node to servers outside of the world. Thread-safe.</summary>
internal sealed class OutsideSockets
{
    private readonly Lock _gate = new();
    private readonly List<ConnectionContext> _open = [];
    private SocketConnectionContextFactory? _factory;
    private bool _isShut;

    /// <summary>Connects to any of the name's addresses. Throws <see cref="SocketException"/>.</summary>
    public async ValueTask<ConnectionContext> ConnectAsync(DnsEndPoint remote, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(remote, cancellation).ConfigureAwait(false);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        lock (_gate)
        {
            if (_isShut)
            {
                socket.Dispose();
                throw new SocketException((int)SocketError.OperationAborted);
            }
            _factory ??= new SocketConnectionContextFactory(new SocketConnectionFactoryOptions(), NullLogger.Instance);
            _open.RemoveAll(c => c.ConnectionClosed.IsCancellationRequested);
            var connection = _factory.Create(socket);
            _open.Add(connection);
            return connection;
        }
    }

    /// <summary>The generation is over. As of a process that dies, what it wrote is sent.</summary>
    public void Shut()
    {
        lock (_gate)
        {
            _isShut = true;
            _ = EndAsync([.. _open], _factory);
        }
    }

    private static async Task EndAsync(ConnectionContext[] open, SocketConnectionContextFactory? factory)
    {
        await Task.WhenAll(open.Select(c => c.DisposeAsync().AsTask())).ConfigureAwait(false);
        factory?.Dispose();
    }
}
