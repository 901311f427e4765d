using System.Net;
using System.Net.Sockets;

namespace Microcosm;

/// <summary>Finds real ports.</summary>
internal static class FreePorts
{
    /// <summary>The wanted port if it is free, else any free one (also when <paramref name="wanted"/> is 0).</summary>
    public static IPEndPoint Find(IPAddress address, int wanted)
    {
        try
        {
            return Probe(address, wanted);
        }
        catch (SocketException) when (wanted != 0)
        {
            return Probe(address, 0);
        }
    }

    private static IPEndPoint Probe(IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(address, port));
        socket.Listen();
        return (IPEndPoint)socket.LocalEndPoint!;
    }
}
