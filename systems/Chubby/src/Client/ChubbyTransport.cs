using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Microcosm.Chubby.Client;

/// <summary>A client's connection to a member, over whatever carries bytes.</summary>
/// <param name="Pipe">The two ways.</param>
/// <param name="Close">Ends it; what is under way on the pipe fails then.</param>
public sealed record ChubbyTransport(IDuplexPipe Pipe, Func<ValueTask> Close)
{
    /// <summary>Over a connection of the fabric.</summary>
    public static ChubbyTransport Of(ConnectionContext connection) => new(connection.Transport, connection.DisposeAsync);

    /// <summary>Over a stream.</summary>
    public static ChubbyTransport Of(Stream stream) =>
        new(new StreamPipe(PipeReader.Create(stream), PipeWriter.Create(stream)), stream.DisposeAsync);

    /// <summary>Over a socket. Throws <see cref="SocketException"/>.</summary>
    public static async ValueTask<ChubbyTransport> ConnectAsync(IPEndPoint member, CancellationToken cancellation)
    {
#pragma warning disable RS0030 // a client outside of any world has no other network
        var socket = new Socket(member.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(member, cancellation);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
#pragma warning restore RS0030
        return Of(new NetworkStream(socket, ownsSocket: true));
    }

    private sealed record StreamPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
