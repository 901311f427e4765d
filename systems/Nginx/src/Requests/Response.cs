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

    /// <summary>What stands behind a type that has no parameters of its own; null for nothing.</summary>
    public string? Charset { get; set; }

    /// <summary>The charset that somebody in front of the body asks for (X-Accel-Charset); null for nobody.</summary>
    public string? CharsetOverride { get; set; }

    /// <summary>The charset that the body is said to be in, by <see cref="Charset"/> or the type itself; null for none.</summary>
    public string? GivenCharset => Charset ?? ParameterOf(ContentType);

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

    /// <summary>A filter makes other bytes of the body: nobody knows how many, and ranges of them are not to be had.</summary>
    public void BecomesAnother()
    {
        (ContentLength, AllowsRanges) = (-1, false);
        Headers.Remove(KnownHeader.AcceptRanges);
    }

    /// <summary>The type without what stands behind it.</summary>
    public void StripTypeParameters()
    {
        if (ContentType is { } type && Array.IndexOf(type, (byte)';') is >= 0 and var end)
            ContentType = type[..end];
    }

    /// <summary>The body will not be the same byte for byte: so says its tag. One that is no quoted text goes.</summary>
    public void WeakenETag()
    {
        if (ETag is not { } tag || tag.AsSpan().StartsWith("W/"u8))
            return;
        ETag = tag is [(byte)'"', ..] ? [.. "W/"u8, .. tag] : null;
    }

    public void Clear()
    {
        (Status, ContentType, ContentLength, LastModified, ETag, Location, AllowsRanges) = (0, null, -1, null, null, null, false);
        (AllowsOneRange, VariesByEncoding, Charset, CharsetOverride) = (false, false, null, null);
        Headers.Clear();
    }

    private static string? ParameterOf(byte[]? type)
    {
        const string name = "charset=";
        if (type is null || Array.IndexOf(type, (byte)';') < 0)
            return null;
        var text = Latin1.Text(type);
        for (var at = text.IndexOf(';'); at >= 0; at = text.IndexOf(';', at + 1))
        {
            var parameter = text.AsSpan(at + 1).TrimStart(' ');
            if (!parameter.StartsWith(name, StringComparison.OrdinalIgnoreCase))
                continue;
            var value = parameter[name.Length..].TrimStart('"');
            return value.TrimEnd('"').ToString();
        }
        return null;
    }
}
