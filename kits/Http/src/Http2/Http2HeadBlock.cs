namespace Microcosm.Http;

/// <summary>A header block that comes in several frames, with nothing between them (RFC 9113 section 6.10). What it may hold is bounded by
/// the limits of heads, so that CONTINUATION frames without end are cut off.</summary>
internal struct Http2HeadBlock
{
    private ByteQueue _bytes;

    /// <summary>The stream whose block is not whole yet; 0 for none.</summary>
    public int Stream { get; private set; }

    /// <summary>The HEADERS frame had END_STREAM.</summary>
    public bool EndsStream { get; private set; }

    /// <summary>On whom the stream depends; null where the HEADERS frame says nothing of it.</summary>
    public Http2Dependency? Dependency { get; private set; }

    public readonly ReadOnlySpan<byte> Bytes => _bytes.Bytes;

    /// <summary>Takes a HEADERS frame. Throws <see cref="Http2ConnectionException"/>.</summary>
    public void Begin(Http2Frame frame, ReadOnlySpan<byte> content, int bytesMax)
    {
        content = WithoutPadding(frame, content);
        Dependency = null;
        if (frame.Has(Http2Flags.Priority))
        {
            if (content.Length < Http2Dependency.Bytes)
                throw new Http2ConnectionException(Http2ErrorCode.FrameSizeError, "client sent HEADERS frame with incorrect length");
            Dependency = Http2Dependency.Read(content);
            if (Dependency.Value.Stream == frame.Stream)
            {
                throw new Http2ConnectionException(Http2ErrorCode.ProtocolError,
                    $"client sent HEADERS frame for stream {frame.Stream} with incorrect dependency");
            }
            content = content[Http2Dependency.Bytes..];
        }
        (Stream, EndsStream) = (frame.Stream, frame.Has(Http2Flags.EndStream));
        Add(content, bytesMax);
    }

    /// <summary>Looks at a HEADERS frame of which only this is there. Throws <see cref="HpackException"/> for what no rest makes good.
    /// </summary>
    public static void CheckBeginning(Http2Frame frame, ReadOnlySpan<byte> content)
    {
        var isPadded = frame.Has(Http2Flags.Padded);
        var start = (isPadded ? 1 : 0) + (frame.Has(Http2Flags.Priority) ? Http2Dependency.Bytes : 0);
        if (content.Length <= start)
            return;
        var end = Math.Min(content.Length, frame.Length - (isPadded ? content[0] : 0));
        if (end > start)
            HpackOutline.Check(content[start..end]);
    }

    /// <summary>Takes more of the block.</summary>
    public void Add(ReadOnlySpan<byte> content, int bytesMax)
    {
        if (_bytes.Length + content.Length > bytesMax)
            throw new Http2ConnectionException(Http2ErrorCode.EnhanceYourCalm, "client sent too large header block");
        _bytes.Add(content);
    }

    public void Clear()
    {
        Stream = 0;
        _bytes.Clear();
    }

    /// <summary>The content of a DATA or HEADERS frame.</summary>
    public static ReadOnlySpan<byte> WithoutPadding(Http2Frame frame, ReadOnlySpan<byte> content)
    {
        if (!frame.Has(Http2Flags.Padded))
            return content;
        if (content.IsEmpty)
            throw new Http2ConnectionException(Http2ErrorCode.FrameSizeError, "client sent padded frame with incorrect length: 0");
        if (content[0] >= content.Length)
        {
            throw new Http2ConnectionException(Http2ErrorCode.ProtocolError,
                $"client sent padded frame with incorrect length: {content.Length}, padding: {content[0]}");
        }
        return content[1..^content[0]];
    }
}
