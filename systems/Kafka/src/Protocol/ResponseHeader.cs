namespace Microcosm.Kafka;

/// <summary>What stands before a response.</summary>
internal readonly record struct ResponseHeader(int CorrelationId)
{
    private const short ApiVersions = 18;

    /// <summary>
    /// 1 for flexible responses, else 0. ApiVersions has always 0: its client does not know yet what the broker speaks (KIP-511).
    /// </summary>
    public static short Version(short apiKey, bool isFlexible) => isFlexible && apiKey != ApiVersions ? (short)1 : (short)0;

    /// <exception cref="KafkaFormatException">The bytes are no header.</exception>
    public static ResponseHeader Read(ref MessageReader reader, short version)
    {
        var header = new ResponseHeader(reader.ReadInt32());
        if (version >= 1)
            reader.SkipTags();
        return header;
    }

    public void Write(MessageWriter writer, short version)
    {
        writer.WriteInt32(CorrelationId);
        if (version >= 1)
            writer.WriteUnsignedVarint(0);
    }
}
