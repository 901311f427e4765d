using System.Buffers.Binary;
using System.Net;

namespace Microcosm.SideBySide.Kafka;

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
        if (!Wire.Brokers(brokers).Any(broker => Read(broker, topic, records)))
            throw new IOException($"no broker serves {topic}");
    }

    // Only its leader has it for this client.
    private static bool Read(IPEndPoint broker, string topic, long records)
    {
        using var socket = Wire.Connect(broker);
        var frame = new byte[PartitionBytesMax * 2];
        var request = Request(topic);
        for (var offset = 0L; offset < records;)
        {
            BinaryPrimitives.WriteInt64BigEndian(request.AsSpan(request.Length - 12), offset);
            socket.Send(request);
            var length = Wire.Receive(socket, frame);
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
        using var bytes = Wire.Begin(apiKey: 1, version: 4);
        // Replica, wait, bytes at least and at most, isolation.
        Wire.Put(bytes, 4, -1);
        Wire.Put(bytes, 4, 500);
        Wire.Put(bytes, 4, 1);
        Wire.Put(bytes, 4, PartitionBytesMax);
        Wire.Put(bytes, 1, 0);
        Wire.PutPartition(bytes, topic);
        Wire.Put(bytes, 8, 0);
        Wire.Put(bytes, 4, PartitionBytesMax);
        return Wire.End(bytes);
    }
}
