using System.Buffers.Binary;
using Microcosm.Runtime;
using Microcosm.Storage;

namespace Microcosm.Kafka;

/// <summary>
/// The producers of a log at an offset, in a file. Kafka's own snapshots keep one batch a producer; this keeps all five, so that a restart
/// forgets no repeated batch. Big-endian: <c>"MCPRODS1"</c>, CRC-32C of what follows (4), producers (4) each with id (8), epoch (2),
/// coordinator's epoch (4), last timestamp (8), first offset of its transaction or -1 (8), batches (1) each with last sequence (4), last
/// offset (8), offset delta (4), timestamp (8); transactions whose marker was above the high watermark (4), each with first (8) and last
/// offset (8).
/// </summary>
internal static class ProducerSnapshot
{
    private const int HeaderBytes = 12;
    private const int ProducerBytes = 31;

    private static ReadOnlySpan<byte> Magic => "MCPRODS1"u8;

    public static byte[] Write(ProducerStates producers)
    {
        var writer = new MessageWriter(isFlexible: false);
        writer.WriteRaw(new byte[HeaderBytes]);
        writer.WriteCount(producers.Count);
        foreach (var producer in producers.All)
        {
            writer.WriteInt64(producer.ProducerId);
            writer.WriteInt16(producer.Epoch);
            writer.WriteInt32(producer.CoordinatorEpoch);
            writer.WriteInt64(producer.LastTimestamp);
            writer.WriteInt64(producer.TransactionFirstOffset ?? -1);
            writer.WriteInt8((sbyte)producer.Batches.Count);
            foreach (var batch in producer.Batches)
            {
                writer.WriteInt32(batch.LastSequence);
                writer.WriteInt64(batch.LastOffset);
                writer.WriteInt32(batch.OffsetDelta);
                writer.WriteInt64(batch.Timestamp);
            }
        }
        writer.WriteCount(producers.Unreplicated.Count);
        foreach (var (first, last) in producers.Unreplicated)
        {
            writer.WriteInt64(first);
            writer.WriteInt64(last);
        }
        var bytes = writer.ToArray();
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(Magic.Length), Crc32C.Of(bytes.AsSpan(HeaderBytes)));
        return bytes;
    }

    /// <summary>Fills <paramref name="producers"/>, which are empty. False, and nothing changed, if the bytes are no whole
    /// snapshot.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> bytes, ProducerStates producers)
    {
        Invariant.Check(producers.IsEmpty);
        if (bytes.Length < HeaderBytes || !bytes.Span.StartsWith(Magic)
            || BinaryPrimitives.ReadUInt32BigEndian(bytes.Span[Magic.Length..]) != Crc32C.Of(bytes.Span[HeaderBytes..]))
            return false;
        // What the checksum covers was written by Write, so it is whole.
        var reader = new MessageReader(bytes, HeaderBytes, isFlexible: false);
        for (var left = reader.ReadCount(ProducerBytes); left > 0; left--)
            producers.Restore(ReadProducer(ref reader));
        for (var left = reader.ReadCount(2 * sizeof(long)); left > 0; left--)
            producers.RestoreUnreplicated(reader.ReadInt64(), reader.ReadInt64());
        return true;
    }

    private static ProducerState ReadProducer(ref MessageReader reader)
    {
        var (id, epoch) = (reader.ReadInt64(), reader.ReadInt16());
        var (coordinatorEpoch, lastTimestamp, first) = (reader.ReadInt32(), reader.ReadInt64(), reader.ReadInt64());
        var batches = new ProducedBatch[reader.ReadInt8()];
        for (var i = 0; i < batches.Length; i++)
            batches[i] = new ProducedBatch(reader.ReadInt32(), reader.ReadInt64(), reader.ReadInt32(), reader.ReadInt64());
        return ProducerState.Restore(id, epoch, coordinatorEpoch, lastTimestamp, first < 0 ? null : first, batches);
    }
}
