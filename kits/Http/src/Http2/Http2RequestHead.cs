using System.Text;

namespace Microcosm.Http;

/// <summary>
/// Collects the fields of a request, or of its trailers, from a header block (RFC 9113 section 8.3). What is malformed is remembered: the
/// block is decoded to its end whatever it holds, or both tables would differ.
/// </summary>
internal sealed class Http2RequestHead(HeaderList headers, HeadLimits limits, bool isTrailers) : IHeaderSink
{
    private ByteQueue _method;
    private ByteQueue _scheme;
    private ByteQueue _authority;
    private ByteQueue _path;
    private PseudoHeaders _seen;
    private long _bytes;

    [Flags]
    private enum PseudoHeaders : byte
    {
        Method = 1,
        Scheme = 2,
        Authority = 4,
        Path = 8,
    }

    public HeaderList Headers => headers;

    public ReadOnlySpan<byte> Method => _method.Bytes;

    public ReadOnlySpan<byte> Scheme => _scheme.Bytes;

    public ReadOnlySpan<byte> Authority => _authority.Bytes;

    public ReadOnlySpan<byte> Path => _path.Bytes;

    /// <summary>Why the stream is to be reset; null where it is not.</summary>
    public string? Malformed { get; private set; }

    /// <summary>Why the request is to be refused.</summary>
    public Refusal Refusal { get; private set; }

    public void OnHeader(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        _bytes += name.Length + value.Length;
        if (Math.Max(name.Length, value.Length) > limits.LargeBytes || _bytes > (long)limits.LargeCount * limits.LargeBytes)
            throw new Http2ConnectionException(Http2ErrorCode.EnhanceYourCalm, "client sent too large header");
        if (name.Length > 0 && name[0] == (byte)':')
            TakePseudo(name[1..], value);
        else
            TakeField(name, value);
    }

    /// <summary>Looks whether all is there that a request needs.</summary>
    public void End()
    {
        if (isTrailers || Malformed is not null || Refusal != Refusal.None)
            return;
        var isConnect = Method.SequenceEqual("CONNECT"u8);
        if (Method.IsEmpty)
            Refuse(Refusal.InvalidMethod);
        else if (isConnect ? Authority.IsEmpty : Path.IsEmpty || Scheme.IsEmpty)
            Refuse(Refusal.InvalidRequestLine);
        else if (!isConnect && Path[0] != (byte)'/' && !(Path.SequenceEqual("*"u8) && Method.SequenceEqual("OPTIONS"u8)))
            Refuse(Refusal.InvalidTarget);
        JoinCookies();
        if (Authority.IsEmpty)
            return;
        // RFC 9113 8.3.1: for whoever looks at Host.
        var host = headers.IndexOf(KnownHeader.Host);
        if (host < 0)
            headers.Add(KnownHeader.Host, Authority);
        else if (!Ascii.EqualsIgnoreCase(headers[host].Value, Authority))
            Refuse(Refusal.InvalidHost);
    }

    public void Clear()
    {
        _method.Clear();
        _scheme.Clear();
        _authority.Clear();
        _path.Clear();
    }

    // RFC 9113 8.2.3: clients take cookies apart, and nobody else is to see that.
    private void JoinCookies()
    {
        var first = headers.IndexOf(KnownHeader.Cookie);
        if (first < 0 || headers.IndexOf("cookie"u8, first + 1) < 0)
            return;
        var joined = new List<byte>();
        for (var at = first; at >= 0; at = headers.IndexOf("cookie"u8, at + 1))
        {
            if (joined.Count > 0)
                joined.AddRange("; "u8);
            joined.AddRange(headers[at].Value);
        }
        headers.Remove("cookie"u8);
        headers.Add(KnownHeader.Cookie, [.. joined]);
    }

    private void Refuse(Refusal refusal)
    {
        if (Refusal == Refusal.None)
            Refusal = refusal;
    }

    private void TakePseudo(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var which = name.SequenceEqual("method"u8) ? PseudoHeaders.Method : name.SequenceEqual("scheme"u8) ? PseudoHeaders.Scheme
            : name.SequenceEqual("authority"u8) ? PseudoHeaders.Authority : name.SequenceEqual("path"u8) ? PseudoHeaders.Path : default;
        if (which == default || isTrailers)
            Malformed ??= $"client sent unknown pseudo-header \":{Encoding.Latin1.GetString(name)}\"";
        else if ((_seen & which) != 0)
            Malformed ??= $"client sent duplicate :{Encoding.Latin1.GetString(name)} header";
        if (Malformed is not null)
            return;
        _seen |= which;
        if (which == PseudoHeaders.Method)
            Take(ref _method, value, IsToken(value), Refusal.InvalidMethod);
        else if (which == PseudoHeaders.Scheme)
            Take(ref _scheme, value, IsScheme(value), Refusal.InvalidRequestLine);
        else if (which == PseudoHeaders.Authority)
            Take(ref _authority, value, IsVisible(value), Refusal.InvalidHost);
        else
            Take(ref _path, value, IsVisible(value), Refusal.InvalidTarget);
    }

    private void Take(ref ByteQueue to, ReadOnlySpan<byte> value, bool isGood, Refusal otherwise)
    {
        if (isGood)
            to.Add(value);
        else
            Refuse(otherwise);
    }

    private void TakeField(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (headers.Count >= limits.HeadersMax)
        {
            Refuse(Refusal.TooManyHeaders);
            return;
        }
        var flags = HeaderFlags.None;
        foreach (var b in name)
        {
            if (b is (>= (byte)'a' and <= (byte)'z') or (>= (byte)'0' and <= (byte)'9') or (byte)'-')
                continue;
            if (b is (byte)':' or <= (byte)' ' or 0x7f or (>= (byte)'A' and <= (byte)'Z'))
            {
                Refuse(Refusal.InvalidHeaderLine);
                return;
            }
            flags |= b == (byte)'_' ? HeaderFlags.Underscore : HeaderFlags.InvalidName;
        }
        if (name.IsEmpty || value.IndexOfAny((byte)0, (byte)'\r', (byte)'\n') >= 0)
        {
            Refuse(Refusal.InvalidHeaderLine);
            return;
        }
        var known = KnownHeaders.Of(name);
        // RFC 9113 8.2.2: what is about a connection has no place here.
        if (known is KnownHeader.Connection or KnownHeader.KeepAlive or KnownHeader.ProxyConnection or KnownHeader.TransferEncoding
            or KnownHeader.Upgrade || (known == KnownHeader.Te && !Ascii.EqualsIgnoreCase(value, "trailers"u8)))
        {
            Malformed ??= $"client sent connection-specific header \"{Encoding.Latin1.GetString(name)}\"";
            return;
        }
        headers.Add(new HeaderField { Name = name, Value = value, Known = known, Flags = flags });
    }

    private static bool IsVisible(ReadOnlySpan<byte> value) => !value.IsEmpty && !value.ContainsAnyInRange((byte)0, (byte)' ')
        && !value.Contains((byte)0x7f);

    private static bool IsToken(ReadOnlySpan<byte> value)
    {
        foreach (var b in value)
        {
            if (b is not ((>= (byte)'A' and <= (byte)'Z') or (byte)'_' or (byte)'-'))
                return false;
        }
        return !value.IsEmpty;
    }

    private static bool IsScheme(ReadOnlySpan<byte> value)
    {
        foreach (var b in value)
        {
            if (b is not ((>= (byte)'a' and <= (byte)'z') or (>= (byte)'A' and <= (byte)'Z') or (>= (byte)'0' and <= (byte)'9') or (byte)'+'
                or (byte)'-' or (byte)'.'))
                return false;
        }
        return !value.IsEmpty && char.IsAsciiLetter((char)value[0]);
    }
}
