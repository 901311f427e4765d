using System.Net.Sockets;

namespace Microcosm.Edge;

/// <summary>Connections that asked once and wait.</summary>
internal static class IdleConnections
{
    /// <summary>Bytes that each adds to the server's resident set.</summary>
    public static double BytesEach(EdgeServer server, int count)
    {
        var before = server.ResidentBytes;
        var clients = new List<Socket>();
        var buffer = new byte[4096];
        for (var i = 0; i < count; i++)
        {
            var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
            client.Connect("127.0.0.1", server.Port);
            client.Send("GET /return HTTP/1.1\r\nHost: localhost\r\n\r\n"u8);
            for (var got = 0; got < 1024;)
                got += client.Receive(buffer);
            clients.Add(client);
        }
        // What the last answers needed is given back meanwhile.
        Thread.Sleep(2000);
        var bytes = (double)(server.ResidentBytes - before) / count;
        clients.ForEach(c => c.Dispose());
        return bytes;
    }
}
