using System.Net;
using System.Net.Sockets;
using System.Text;
using Microcosm.Redis;

namespace Microcosm.Cli;

/// <summary>One connection that sends commands and prints replies. What goes wrong
/// is an <see cref="IOException"/> in redis-cli's words.</summary>
internal sealed class RespConnection : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly NetworkStream _stream;

    public RespConnection(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, port);
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw new IOException($"Could not connect to Redis at 127.0.0.1:{port}: Connection refused");
        }
        _stream = new NetworkStream(socket, ownsSocket: true);
    }

    public async Task<string> AskAsync(IReadOnlyList<string> words)
    {
        var text = new StringBuilder().Append($"*{words.Count}\r\n");
        foreach (var word in words)
            text.Append($"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n");
        try
        {
            await _stream.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()));
            return await new ReplyPrinter(_stream).ReadAsync().WaitAsync(Patience);
        }
        catch (EndOfStreamException)
        {
            throw new IOException("Error: Server closed the connection");
        }
        catch (IOException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            throw new IOException("Error: Connection reset by peer");
        }
    }

    public void Dispose() => _stream.Dispose();
}
