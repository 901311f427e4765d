using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>
/// The head of a response while it is made: what nginx keeps apart has a place of its own, the rest is in <see cref="Headers"/>. Filters
/// change it until it is sent.
/// </summary>
internal sealed class Response
{
    private int _typeLength;

    public int Status { get; set; }

    /// <summary>Status and words as an upstream sent them; null for the usual words.</summary>
    public byte[]? StatusLine { get; set; }

    /// <summary>Null for none.</summary>
    public byte[]? ContentType
    {
        get;
        set
        {
            field = value;
            _typeLength = value?.Length ?? 0;
        }
    }

    /// <summary>The type without the charset that an upstream put behind it.</summary>
    public ReadOnlySpan<byte> TypeAlone => ContentType.AsSpan(0, _typeLength);

    /// <summary>The type as clients get it, with its charset; null for none.</summary>
    public byte[]? FullType => ContentType is { } type && !string.IsNullOrEmpty(Charset) && _typeLength == type.Length
        ? [.. type, .. "; charset="u8, .. Latin1.Bytes(Charset)] : ContentType;

    /// <summary>What stands behind the type; null for nothing. Of an upstream's type it is a part already.</summary>
    public string? Charset { get; set; }

    /// <summary>The charset that somebody in front of the body asks for (X-Accel-Charset); null for nobody.</summary>
    public string? CharsetOverride { get; set; }

    /// <summary>Bytes of the body; -1 where nobody knows.</summary>
    public long ContentLength { get; set; } = -1;

    /// <summary>Where in the whole the body begins that is there.</summary>
    public long ContentOffset { get; set; }

    /// <summary>In seconds since 1970; null for none. An upstream's text for it is in <see cref="Headers"/>.</summary>
    public long? LastModified { get; set; }

    /// <summary>With its quotes; null for none.</summary>
    public byte[]? ETag
    {
        get;
        set
        {
            if (field is null)
                ETagPlace = Headers.Count;
            field = value;
        }
    }

    /// <summary>Before which of <see cref="Headers"/> the tag stands: where it was when it came.</summary>
    public int ETagPlace { get; private set; }

    /// <summary>A URL, or a path that is still to be made one; null for none.</summary>
    public byte[]? Location { get; set; }

    /// <summary>Our Server field is not added, nor our Date: an upstream's would have been passed on, and there was none.</summary>
    public bool HidesServer { get; set; }

    public bool HidesDate { get; set; }

    /// <summary>Conditions of the request were for somebody else: the response goes out as it is.</summary>
    public bool IsUnconditional { get; set; }

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

    /// <summary>Takes a type with its charset as an upstream sends it.</summary>
    public void TakeType(ReadOnlySpan<byte> type)
    {
        (ContentType, Charset) = (type.ToArray(), null);
        for (var at = type.IndexOf((byte)';'); at >= 0;)
        {
            var parameter = type[(at + 1)..].TrimStart((byte)' ');
            if (parameter.Length >= 8 && System.Text.Ascii.EqualsIgnoreCase(parameter[..8], "charset="u8))
            {
                _typeLength = at;
                var value = parameter[8..];
                if (value is [(byte)'"', ..])
                    value = value[1..];
                Charset = Latin1.Text(value is [.., (byte)'"'] ? value[..^1] : value);
                return;
            }
            var next = type[(at + 1)..].IndexOf((byte)';');
            at = next < 0 ? -1 : at + 1 + next;
        }
    }

    /// <summary>The type without the charset behind it.</summary>
    public void StripCharset()
    {
        if (ContentType is not null)
            ContentType = TypeAlone.ToArray();
    }

    /// <summary>Nothing tells any more which version of something the body is.</summary>
    public void ForgetVersion()
    {
        (LastModified, ETag) = (null, null);
        Headers.Remove(KnownHeader.LastModified);
    }

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
        ContentOffset = 0;
        (AllowsOneRange, VariesByEncoding, IsUnconditional) = (false, false, false);
        (StatusLine, Charset, CharsetOverride) = (null, null, null);
        (HidesServer, HidesDate) = (false, false);
        for (var i = Headers.Count - 1; i >= 0; i--)
        {
            if (Headers[i].Known is not (KnownHeader.WwwAuthenticate or KnownHeader.ProxyAuthenticate))
                Headers.RemoveAt(i);
        }
    }
}
