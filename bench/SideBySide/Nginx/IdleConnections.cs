using System.Net.Sockets;

namespace Microcosm.SideBySide.Nginx;

/// <summary>Connections that asked once and wait.</summary>
internal static class IdleConnections
{
    /// <summary>Bytes that each adds to the server's resident set.</summary>
    public static double BytesEach(EdgeServer server, int count)
    {
        var clients = new List<Socket>();
        var bytes = server.BytesEach(count, () =>
        {
            for (var i = 0; i < count; i++)
                clients.Add(Connect(server.Port));
        });
        clients.ForEach(c => c.Dispose());
        return bytes;
    }

    private static Socket Connect(int port)
    {
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        client.Connect("127.0.0.1", port);
        client.Send("GET /return HTTP/1.1\r\nHost: localhost\r\n\r\n"u8);
        var buffer = new byte[4096];
        for (var got = 0; got < 1024;)
            got += client.Receive(buffer) is > 0 and var read ? read : throw new IOException("the server closed an idle connection");
        return client;
    }
}
