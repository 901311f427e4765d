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

    /// <summary>Other fields, in their order.</summary>
    public HeaderList Headers { get; } = new();

    public void Clear()
    {
        (Status, ContentType, ContentLength, LastModified, ETag, Location, AllowsRanges) = (0, null, -1, null, null, null, false);
        Headers.Clear();
    }
}
