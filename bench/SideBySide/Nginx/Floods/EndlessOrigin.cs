using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Microcosm.SideBySide.Nginx;

/// <summary>A server whose responses do not end: bodies, and for <c>/head</c> the head.</summary>
internal sealed class EndlessOrigin : IDisposable
{
    public const int Port = 19081;

    private readonly Socket _listener = new(SocketType.Stream, ProtocolType.Tcp);

    public EndlessOrigin()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, Port));
        _listener.Listen(512);
        _ = AcceptAsync();
    }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The run is over.
        }
    }

    private static async Task ServeAsync(Socket client)
    {
        var buffer = new byte[8192];
        try
        {
            using (client)
            {
                var read = await client.ReceiveAsync(buffer);
                var isHead = Encoding.ASCII.GetString(buffer, 0, read).StartsWith("GET /head", StringComparison.Ordinal);
                await client.SendAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n" + (isHead ? "" : "\r\n")));
                var piece = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("X-Line: and another one\r\n", 1000)));
                while (true)
                    await client.SendAsync(piece);
            }
        }
        catch (SocketException)
        {
            // It was let go.
        }
    }
}
