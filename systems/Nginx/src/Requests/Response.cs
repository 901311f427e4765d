using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>
/// The head of a response while it is made: what nginx keeps apart has a place of its own, the rest is in <see cref="Headers"/>. Filters
/// change it until it is sent.
/// </summary>
internal sealed class Response
{
    public int Status { get; set; }

    /// <summary>Null for none.</summary>
    public byte[]? ContentType { get; set; }

    /// <summary>Bytes of the body; -1 where nobody knows.</summary>
    public long ContentLength { get; set; } = -1;

    /// <summary>In seconds since 1970; null for none.</summary>
    public long? LastModified { get; set; }

    /// <summary>With its quotes; null for none.</summary>
    public byte[]? ETag { get; set; }

    /// <summary>A URL, or a path that is still to be made one; null for none.</summary>
    public byte[]? Location { get; set; }

    /// <summary>Ranges of the body may be asked for.</summary>
    public bool AllowsRanges { get; set; }

    /// <summary>Of several ranges none is given: the body comes whole.</summary>
    public bool AllowsOneRange { get; set; }

    /// <summary>Whether the body is compressed depends on who asks: <c>gzip_vary</c> says so.</summary>
    public bool VariesByEncoding { get; set; }

    /// <summary>Other fields, in their order.</summary>
    public HeaderList Headers { get; } = new();

    /// <summary>The body will not be the same byte for byte: so says its tag. One that is no quoted text goes.</summary>
    public void WeakenETag()
    {
        if (ETag is not { } tag || tag.AsSpan().StartsWith("W/"u8))
            return;
        ETag = tag is [(byte)'"', ..] ? [.. "W/"u8, .. tag] : null;
    }

    /// <summary>Forgets all but what is asked of the client to prove who it is.</summary>
    public void Clear()
    {
        (Status, ContentType, ContentLength, LastModified, ETag, Location, AllowsRanges) = (0, null, -1, null, null, null, false);
        (AllowsOneRange, VariesByEncoding) = (false, false);
        for (var i = Headers.Count - 1; i >= 0; i--)
        {
            if (Headers[i].Known is not (KnownHeader.WwwAuthenticate or KnownHeader.ProxyAuthenticate))
                Headers.RemoveAt(i);
        }
    }
}
