using System.Buffers.Binary;

namespace Microcosm.Kafka;

/// <summary>Whole messages to bytes and back, without headers.</summary>
internal static class MessageCodec
{
    public static bool IsFlexible<T>(short version)
        where T : class, IMessage<T> => version >= T.FirstFlexibleVersion;

    /// <exception cref="InvalidOperationException">The version cannot carry the message.</exception>
    public static byte[] Encode<T>(T message, short version)
        where T : class, IMessage<T>
    {
        var writer = new MessageWriter(IsFlexible<T>(version));
        message.Write(writer, version);
        return writer.ToArray();
    }

    /// <exception cref="KafkaFormatException">The bytes are not exactly one such message.</exception>
    public static T Decode<T>(ReadOnlyMemory<byte> bytes, short version)
        where T : class, IMessage<T>
    {
        var reader = new MessageReader(bytes, 0, IsFlexible<T>(version));
        var message = T.Read(ref reader, version);
        return reader.Left == 0 ? message : throw new KafkaFormatException($"{reader.Left} bytes follow {typeof(T).Name}.");
    }

    /// <summary>A request: what follows it is nobody's, as for Kafka. librdkafka leaves bytes behind MetadataRequest.</summary>
    /// <exception cref="KafkaFormatException">The bytes do not begin with such a message.</exception>
    public static T DecodeRequest<T>(ReadOnlyMemory<byte> bytes, short version)
        where T : class, IMessage<T>
    {
        var reader = new MessageReader(bytes, 0, IsFlexible<T>(version));
        return T.Read(ref reader, version);
    }

    /// <summary>A key or value of an internal topic: its version as an int16, then the message.</summary>
    public static byte[] EncodeRecord<T>(T message, short version)
        where T : class, IMessage<T>
    {
        var writer = new MessageWriter(IsFlexible<T>(version));
        writer.WriteInt16(version);
        message.Write(writer, version);
        return writer.ToArray();
    }

    /// <exception cref="KafkaFormatException">The bytes are not exactly one such record, or of an unknown version.</exception>
    public static T DecodeRecord<T>(ReadOnlyMemory<byte> bytes)
        where T : class, IMessage<T>
    {
        var version = RecordVersion(bytes.Span);
        return Decode<T>(bytes[sizeof(short)..], version);
    }

    /// <summary>The version in front of a record.</summary>
    /// <exception cref="KafkaFormatException">There is none.</exception>
    public static short RecordVersion(ReadOnlySpan<byte> record) =>
        record.Length < sizeof(short)
            ? throw new KafkaFormatException("A record has no version.")
            : BinaryPrimitives.ReadInt16BigEndian(record);
}
