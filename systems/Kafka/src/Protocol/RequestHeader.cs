namespace Microcosm.Kafka;

/// <summary>What stands before a request.</summary>
internal readonly record struct RequestHeader(short ApiKey, short ApiVersion, int CorrelationId, string? ClientId)
{
    private const short ControlledShutdown = 7;

    /// <summary>2 for flexible requests, else 1; ControlledShutdown 0 has no client id.</summary>
    public static short Version(short apiKey, short apiVersion, bool isFlexible) =>
        (apiKey, apiVersion) == (ControlledShutdown, 0) ? (short)0 : isFlexible ? (short)2 : (short)1;

    /// <summary>Key and version, by which the header's own version is found.</summary>
    /// <exception cref="KafkaFormatException">The frame is too short.</exception>
    public static (short ApiKey, short ApiVersion) Peek(ReadOnlyMemory<byte> frame)
    {
        var reader = new MessageReader(frame, 0, isFlexible: false);
        return (reader.ReadInt16(), reader.ReadInt16());
    }

    /// <param name="frame">A request, from its key on.</param>
    /// <param name="version">0 to 2.</param>
    /// <param name="end">Where the request itself begins.</param>
    /// <exception cref="KafkaFormatException">The bytes are no header.</exception>
    public static RequestHeader Read(ReadOnlyMemory<byte> frame, short version, out int end)
    {
        // The client id has an int16 length in every version, so that a broker can read the header of a request that it does not know.
        var reader = new MessageReader(frame, 0, isFlexible: false);
        var header = new RequestHeader(
            reader.ReadInt16(), reader.ReadInt16(), reader.ReadInt32(), version >= 1 ? reader.ReadNullableString() : null);
        if (version >= 2)
            reader.SkipTags();
        end = reader.Position;
        return header;
    }

    /// <param name="writer">Must not be flexible.</param>
    /// <param name="version">0 to 2.</param>
    public void Write(MessageWriter writer, short version)
    {
        if (writer.IsFlexible)
            throw new InvalidOperationException("A request's header is written with lengths that are not compact.");
        writer.WriteInt16(ApiKey);
        writer.WriteInt16(ApiVersion);
        writer.WriteInt32(CorrelationId);
        if (version >= 1)
            writer.WriteNullableString(ClientId);
        if (version >= 2)
            writer.WriteUnsignedVarint(0);
    }
}
