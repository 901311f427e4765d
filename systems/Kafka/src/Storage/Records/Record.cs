namespace Microcosm.Kafka;

/// <summary>One record of a batch, valid until the reader moves on or is disposed.</summary>
internal readonly ref struct Record
{
    /// <summary>Of the record itself: base offset and delta.</summary>
    public required long Offset { get; init; }

    public required int OffsetDelta { get; init; }

    /// <summary>Milliseconds since 1970, or -1.</summary>
    public required long Timestamp { get; init; }

    /// <summary>Empty also where there is none.</summary>
    public required ReadOnlySpan<byte> Key { get; init; }

    public required bool HasKey { get; init; }

    public required ReadOnlySpan<byte> Value { get; init; }

    /// <summary>False: a tombstone.</summary>
    public required bool HasValue { get; init; }

    public required int HeaderCount { get; init; }

    /// <summary>The headers as they lie in the batch, without their count.</summary>
    public required ReadOnlySpan<byte> Headers { get; init; }

    /// <summary>The headers, decoded.</summary>
    public List<RecordHeader> ReadHeaders()
    {
        var headers = new List<RecordHeader>(HeaderCount);
        for (var position = 0; headers.Count < HeaderCount;)
        {
            var key = RecordReader.ReadBytes(Headers, ref position, out _);
            var value = RecordReader.ReadBytes(Headers, ref position, out var hasValue);
            headers.Add(new RecordHeader(System.Text.Encoding.UTF8.GetString(key), hasValue ? value.ToArray() : null));
        }
        return headers;
    }
}
