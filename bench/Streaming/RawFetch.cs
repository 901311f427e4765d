using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Microcosm.Streaming;

/// <summary>A client that fetches and looks at nothing but the batches' headers: what it gets is limited by the broker.</summary>
internal static class RawFetch
{
    private const int PartitionBytesMax = 1 << 20;
    private const int BatchHeaderBytes = 61;

    // Of version 4: correlation, throttle time, one topic with its name, one partition with error, watermark, stable offset.
    private const int BytesBeforeAborted = 4 + 4 + 4 + 2 + 4 + 4 + 2 + 8 + 8;

    /// <summary>Reads a topic's partition 0 from its beginning.</summary>
    public static void Read(string brokers, string topic, long records)
    {
        foreach (var broker in brokers.Split(','))
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Connect(IPEndPoint.Parse(broker));
            // Only its leader has it for this client.
            if (Read(socket, topic, records))
                return;
        }
        throw new IOException($"no broker serves {topic}");
    }

    private static bool Read(Socket socket, string topic, long records)
    {
        var frame = new byte[PartitionBytesMax * 2];
        var request = Request(topic);
        for (var offset = 0L; offset < records;)
        {
            BinaryPrimitives.WriteInt64BigEndian(request.AsSpan(request.Length - 12), offset);
            socket.Send(request);
            Fill(socket, frame.AsSpan(0, 4));
            var length = BinaryPrimitives.ReadInt32BigEndian(frame);
            Fill(socket, frame.AsSpan(0, length));
            var next = Next(frame.AsSpan(0, length), topic.Length, offset);
            if (next < 0)
                return false;
            offset = next;
        }
        return true;
    }

    // Where the batches end; -1 for an error.
    private static long Next(ReadOnlySpan<byte> response, int nameLength, long offset)
    {
        var at = BytesBeforeAborted + nameLength;
        if (BinaryPrimitives.ReadInt16BigEndian(response[(at - 18)..]) != 0)
            return -1;
        at += 4 + (16 * Math.Max(0, BinaryPrimitives.ReadInt32BigEndian(response[at..])));
        var batches = response[(at + 4)..];
        while (batches.Length >= BatchHeaderBytes && BinaryPrimitives.ReadInt32BigEndian(batches[8..]) + 12 is var size
            && size <= batches.Length)
        {
            offset = BinaryPrimitives.ReadInt64BigEndian(batches) + BinaryPrimitives.ReadInt32BigEndian(batches[23..]) + 1;
            batches = batches[size..];
        }
        return offset;
    }

    private static byte[] Request(string topic)
    {
        using var bytes = new MemoryStream();
        var client = Encoding.ASCII.GetBytes("raw");
        Put(bytes, 2, 1);
        Put(bytes, 2, 4);
        Put(bytes, 4, 1);
        Put(bytes, 2, client.Length);
        bytes.Write(client);
        // Replica, wait, bytes at least and at most, isolation.
        Put(bytes, 4, -1);
        Put(bytes, 4, 500);
        Put(bytes, 4, 1);
        Put(bytes, 4, PartitionBytesMax);
        Put(bytes, 1, 0);
        Put(bytes, 4, 1);
        Put(bytes, 2, topic.Length);
        bytes.Write(Encoding.ASCII.GetBytes(topic));
        Put(bytes, 4, 1);
        Put(bytes, 4, 0);
        Put(bytes, 8, 0);
        Put(bytes, 4, PartitionBytesMax);
        var frame = new byte[4 + bytes.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, (int)bytes.Length);
        bytes.ToArray().CopyTo(frame, 4);
        return frame;
    }

    private static void Put(Stream to, int size, long value)
    {
        for (var shift = 8 * (size - 1); shift >= 0; shift -= 8)
            to.WriteByte((byte)(value >> shift));
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
