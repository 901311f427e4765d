using System.Buffers.Binary;
using System.Net;
using Microcosm.Storage;

namespace Microcosm.SideBySide.Kafka;

/// <summary>A client that sends one batch of a MB again and again, with several under way: what it gets is limited by the broker.</summary>
internal static class RawProduce
{
    private const int RecordsABatch = 1_000;
    private const int RecordBytes = 1_000;
    private const int UnderWayMax = 5;

    // Of version 3: correlation, one topic with its name, one partition with its number; then the error.
    private const int BytesBeforeError = 4 + 4 + 2 + 4 + 4;

    /// <summary>Writes to a topic's partition 0, with acks=all.</summary>
    public static void Write(string brokers, string topic, int records)
    {
        var request = Request(topic);
        if (!Wire.Brokers(brokers).Any(broker => Write(broker, request, topic.Length, records / RecordsABatch)))
            throw new IOException($"no broker serves {topic}");
    }

    // Only its leader takes it.
    private static bool Write(IPEndPoint broker, byte[] request, int nameLength, int batches)
    {
        using var socket = Wire.Connect(broker);
        var isLeader = true;
        using var room = new SemaphoreSlim(UnderWayMax);
        var reader = new Thread(() =>
        {
            var reply = new byte[4096];
            for (var i = 0; i < batches; i++)
            {
                Wire.Receive(socket, reply);
                isLeader &= BinaryPrimitives.ReadInt16BigEndian(reply.AsSpan(BytesBeforeError + nameLength)) == 0;
                room.Release();
            }
        });
        reader.Start();
        for (var i = 0; i < batches; i++)
        {
            room.Wait();
            socket.Send(request);
        }
        reader.Join();
        return isLeader;
    }

    private static byte[] Request(string topic)
    {
        using var bytes = Wire.Begin(apiKey: 0, version: 3);
        // No transaction, acks, time.
        Wire.Put(bytes, 2, -1);
        Wire.Put(bytes, 2, -1);
        Wire.Put(bytes, 4, 30_000);
        Wire.PutPartition(bytes, topic);
        var batch = Batch();
        Wire.Put(bytes, 4, batch.Length);
        bytes.Write(batch);
        return Wire.End(bytes);
    }

    // Format v2: base offset, length, leader epoch, magic, CRC, attributes, last delta, two timestamps, no producer, count, records.
    private static byte[] Batch()
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        using var bytes = new MemoryStream();
        (int Size, long Value)[] header =
        [
            (8, 0), (4, 0), (4, -1), (1, 2), (4, 0), (2, 0), (4, RecordsABatch - 1), (8, now), (8, now), (8, -1), (2, -1), (4, -1),
            (4, RecordsABatch),
        ];
        foreach (var (size, value) in header)
            Wire.Put(bytes, size, value);
        for (var i = 0; i < RecordsABatch; i++)
        {
            using var record = new MemoryStream();
            record.WriteByte(0);
            foreach (var number in (int[])[0, i, -1, RecordBytes])
                PutVarint(record, number);
            record.Write(new byte[RecordBytes]);
            PutVarint(record, 0);
            PutVarint(bytes, (int)record.Length);
            record.WriteTo(bytes);
        }
        var batch = bytes.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(8), batch.Length - 12);
        BinaryPrimitives.WriteUInt32BigEndian(batch.AsSpan(17), Crc32C.Of(batch.AsSpan(21)));
        return batch;
    }

    private static void PutVarint(Stream to, int value)
    {
        var bits = (uint)((value << 1) ^ (value >> 31));
        for (; bits >= 0x80; bits >>= 7)
            to.WriteByte((byte)(bits | 0x80));
        to.WriteByte((byte)bits);
    }
}
