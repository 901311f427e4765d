using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Microcosm.SideBySide.Kafka;

/// <summary>Kafka's protocol as far as clients need it that look at nothing: requests of old versions, replies by their length.</summary>
internal static class Wire
{
    public static IEnumerable<IPEndPoint> Brokers(string brokers) => brokers.Split(',').Select(IPEndPoint.Parse);

    public static Socket Connect(IPEndPoint broker)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(broker);
        return socket;
    }

    /// <summary>A request with room for its length, and its header.</summary>
    public static MemoryStream Begin(short apiKey, short version)
    {
        var bytes = new MemoryStream();
        Put(bytes, 4, 0);
        Put(bytes, 2, apiKey);
        Put(bytes, 2, version);
        Put(bytes, 4, 1);
        PutText(bytes, "raw");
        return bytes;
    }

    /// <summary>The whole request.</summary>
    public static byte[] End(MemoryStream bytes)
    {
        var request = bytes.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(request, request.Length - 4);
        return request;
    }

    /// <summary>One topic with its partition 0.</summary>
    public static void PutPartition(Stream to, string topic)
    {
        Put(to, 4, 1);
        PutText(to, topic);
        Put(to, 4, 1);
        Put(to, 4, 0);
    }

    public static void PutText(Stream to, string text)
    {
        Put(to, 2, text.Length);
        to.Write(Encoding.ASCII.GetBytes(text));
    }

    public static void Put(Stream to, int size, long value)
    {
        for (var shift = 8 * (size - 1); shift >= 0; shift -= 8)
            to.WriteByte((byte)(value >> shift));
    }

    /// <summary>Receives a reply and returns its length.</summary>
    public static int Receive(Socket socket, Span<byte> buffer)
    {
        Fill(socket, buffer[..4]);
        var length = BinaryPrimitives.ReadInt32BigEndian(buffer);
        Fill(socket, buffer[..length]);
        return length;
    }

    private static void Fill(Socket socket, Span<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            var read = socket.Receive(buffer);
            if (read == 0)
                throw new IOException("the broker closed the connection");
            buffer = buffer[read..];
        }
    }
}
