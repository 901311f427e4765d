using System.Buffers.Binary;
using Microcosm.Storage;

namespace Microcosm.Kafka;

/// <summary>
/// A view of one batch of records, format v2 (KIP-98; clients' DefaultRecordBatch): base offset (8), length of what follows (4), leader
/// epoch (4), magic (1), CRC-32C of all behind it (4), attributes (2), last offset delta (4), base timestamp (8), maximum timestamp (8),
/// producer id (8) and epoch (2), base sequence (4), count (4), records. Big-endian. Base offset and leader epoch lie outside of the
/// checksum, so a broker sets them without reading the rest.
/// </summary>
internal readonly ref struct RecordBatch
{
    /// <summary>Base offset and length: what the length does not count.</summary>
    public const int OverheadBytes = 12;

    /// <summary>Everything before the records.</summary>
    public const int HeaderBytes = 61;

    public const byte MagicV2 = 2;
    public const long NoProducerId = -1;
    public const short NoProducerEpoch = -1;
    public const int NoSequence = -1;
    public const long NoTimestamp = -1;

    internal const int TransactionalFlag = 0x10;
    internal const int ControlFlag = 0x20;
    internal const int DeleteHorizonFlag = 0x40;
    internal const int LogAppendTimeFlag = 0x08;
    internal const int CompressionMask = 0x07;

    private const int LengthAt = 8;
    private const int LeaderEpochAt = 12;
    private const int MagicAt = 16;
    private const int CrcAt = 17;
    private const int AttributesAt = 21;
    private const int LastOffsetDeltaAt = 23;
    private const int BaseTimestampAt = 27;
    private const int MaxTimestampAt = 35;
    private const int ProducerIdAt = 43;
    private const int ProducerEpochAt = 51;
    private const int BaseSequenceAt = 53;
    private const int CountAt = 57;

    private RecordBatch(ReadOnlySpan<byte> bytes) => Bytes = bytes;

    /// <summary>The whole batch; only its header where a header was asked for.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    public long BaseOffset => BinaryPrimitives.ReadInt64BigEndian(Bytes);

    /// <summary>Of the whole batch.</summary>
    public int SizeBytes => OverheadBytes + BinaryPrimitives.ReadInt32BigEndian(Bytes[LengthAt..]);

    public int LeaderEpoch => BinaryPrimitives.ReadInt32BigEndian(Bytes[LeaderEpochAt..]);

    public byte Magic => Bytes[MagicAt];

    public uint Crc => BinaryPrimitives.ReadUInt32BigEndian(Bytes[CrcAt..]);

    public short Attributes => BinaryPrimitives.ReadInt16BigEndian(Bytes[AttributesAt..]);

    public CompressionType Compression => (CompressionType)(Attributes & CompressionMask);

    public TimestampType TimestampType => (Attributes & LogAppendTimeFlag) != 0 ? TimestampType.LogAppendTime : TimestampType.CreateTime;

    public bool IsTransactional => (Attributes & TransactionalFlag) != 0;

    /// <summary>Holds markers of transactions, not data.</summary>
    public bool IsControl => (Attributes & ControlFlag) != 0;

    public int LastOffsetDelta => BinaryPrimitives.ReadInt32BigEndian(Bytes[LastOffsetDeltaAt..]);

    public long LastOffset => BaseOffset + LastOffsetDelta;

    /// <summary>Offset that the next batch begins at, or above.</summary>
    public long NextOffset => LastOffset + 1;

    /// <summary>What the records' timestamps are relative to.</summary>
    public long BaseTimestamp => BinaryPrimitives.ReadInt64BigEndian(Bytes[BaseTimestampAt..]);

    /// <summary>From when on tombstones and markers may go, or null; it takes the place of the base timestamp (KIP-534).</summary>
    public long? DeleteHorizonMs => (Attributes & DeleteHorizonFlag) != 0 ? BaseTimestamp : null;

    public long MaxTimestamp => BinaryPrimitives.ReadInt64BigEndian(Bytes[MaxTimestampAt..]);

    public long ProducerId => BinaryPrimitives.ReadInt64BigEndian(Bytes[ProducerIdAt..]);

    public bool HasProducerId => ProducerId > NoProducerId;

    public short ProducerEpoch => BinaryPrimitives.ReadInt16BigEndian(Bytes[ProducerEpochAt..]);

    public int BaseSequence => BinaryPrimitives.ReadInt32BigEndian(Bytes[BaseSequenceAt..]);

    /// <summary>Sequence number of the last record; they go on at 0 after the largest.</summary>
    public int LastSequence => BaseSequence == NoSequence ? NoSequence : AddSequence(BaseSequence, LastOffsetDelta);

    public int Count => BinaryPrimitives.ReadInt32BigEndian(Bytes[CountAt..]);

    /// <summary>The records as they lie there, compressed or not.</summary>
    public ReadOnlySpan<byte> Payload => Bytes[HeaderBytes..];

    /// <summary>Shows the batch at the beginning of <paramref name="bytes"/>: false if it is not there as a whole, or is none of
    /// format v2. Its checksum is not looked at.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out RecordBatch batch)
    {
        batch = default;
        if (!TryReadHeader(bytes, out var header) || header.SizeBytes > bytes.Length)
            return false;
        batch = new RecordBatch(bytes[..header.SizeBytes]);
        return true;
    }

    /// <summary>The same for bytes that hold the header only. A size that cannot be, or another magic, is none.</summary>
    public static bool TryReadHeader(ReadOnlySpan<byte> bytes, out RecordBatch header)
    {
        header = default;
        if (bytes.Length < HeaderBytes)
            return false;
        var length = BinaryPrimitives.ReadInt32BigEndian(bytes[LengthAt..]);
        if (length < HeaderBytes - OverheadBytes || length > int.MaxValue - OverheadBytes || bytes[MagicAt] != MagicV2)
            return false;
        header = new RecordBatch(bytes[..HeaderBytes]);
        return true;
    }

    /// <summary>True if the checksum is that of the bytes.</summary>
    public bool CheckCrc() => Crc == Crc32C.Of(Bytes[AttributesAt..]);

    /// <summary>Magic of whatever lies there, which must be 17 bytes at least: older formats have it at the same place.</summary>
    public static byte MagicOf(ReadOnlySpan<byte> bytes) => bytes[MagicAt];

    /// <summary>Length that <paramref name="bytes"/> claim for the batch at their beginning, overhead included; 12 bytes at
    /// least.</summary>
    public static long SizeOf(ReadOnlySpan<byte> bytes) => OverheadBytes + (long)BinaryPrimitives.ReadInt32BigEndian(bytes[LengthAt..]);

    public static void SetBaseOffset(Span<byte> batch, long offset) => BinaryPrimitives.WriteInt64BigEndian(batch, offset);

    public static void SetLeaderEpoch(Span<byte> batch, int epoch) => BinaryPrimitives.WriteInt32BigEndian(batch[LeaderEpochAt..], epoch);

    /// <summary>Sets kind and maximum of the timestamps, and the checksum, which covers them.</summary>
    public static void SetMaxTimestamp(Span<byte> batch, TimestampType type, long timestampMs)
    {
        var attributes = BinaryPrimitives.ReadInt16BigEndian(batch[AttributesAt..]);
        attributes = (short)(type == TimestampType.LogAppendTime ? attributes | LogAppendTimeFlag : attributes & ~LogAppendTimeFlag);
        BinaryPrimitives.WriteInt16BigEndian(batch[AttributesAt..], attributes);
        BinaryPrimitives.WriteInt64BigEndian(batch[MaxTimestampAt..], timestampMs);
        SetCrc(batch);
    }

    public static void SetCrc(Span<byte> batch) => BinaryPrimitives.WriteUInt32BigEndian(batch[CrcAt..], Crc32C.Of(batch[AttributesAt..]));

    public static int AddSequence(int sequence, int count) => (int)(((long)sequence + count) % (1L + int.MaxValue));

    /// <summary>Writes a header; the records follow it, then <see cref="SetCrc"/>.</summary>
    internal static void WriteHeader(Span<byte> batch, in BatchHeader header)
    {
        BinaryPrimitives.WriteInt64BigEndian(batch, header.BaseOffset);
        BinaryPrimitives.WriteInt32BigEndian(batch[LengthAt..], batch.Length - OverheadBytes);
        BinaryPrimitives.WriteInt32BigEndian(batch[LeaderEpochAt..], header.LeaderEpoch);
        batch[MagicAt] = MagicV2;
        BinaryPrimitives.WriteInt16BigEndian(batch[AttributesAt..], header.Attributes);
        BinaryPrimitives.WriteInt32BigEndian(batch[LastOffsetDeltaAt..], header.LastOffsetDelta);
        BinaryPrimitives.WriteInt64BigEndian(batch[BaseTimestampAt..], header.BaseTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(batch[MaxTimestampAt..], header.MaxTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(batch[ProducerIdAt..], header.ProducerId);
        BinaryPrimitives.WriteInt16BigEndian(batch[ProducerEpochAt..], header.ProducerEpoch);
        BinaryPrimitives.WriteInt32BigEndian(batch[BaseSequenceAt..], header.BaseSequence);
        BinaryPrimitives.WriteInt32BigEndian(batch[CountAt..], header.Count);
    }
}
