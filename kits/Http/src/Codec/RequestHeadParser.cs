namespace Microcosm.Http;

/// <summary>
/// Parses the head of an HTTP/1 request byte for byte as nginx does (ngx_http_parse.c is the norm where RFC 9112 leaves a choice), and says
/// what is wrong at the first byte that is. The head is shown from its first byte each time; parsing goes on where it stopped.
/// </summary>
internal sealed class RequestHeadParser
{
    private RequestLineParser _line;
    private HeaderLines _fields;
    private HeadRoom _room;
    private int _at;
    private bool _isInFields;
    private HeadLimits _limits = HeadLimits.Default;

    /// <summary>The request line, as far as it was parsed.</summary>
    public ref readonly RequestLine Line => ref _line.Line;

    /// <summary>Bytes that were parsed: of a whole head, its length.</summary>
    public int Parsed => _at;

    /// <summary>True once the request line was whole.</summary>
    public bool HasLine => _isInFields;

    /// <summary>Begins another head.</summary>
    public void Begin(HeadLimits limits, bool takesAsterisk)
    {
        _limits = limits;
        _line = new RequestLineParser { TakesAsterisk = takesAsterisk };
        _fields = default;
        _room = new HeadRoom(limits);
        _at = 0;
        _isInFields = false;
    }

    /// <summary>Parses on. On anything but <see cref="HeadStatus.NeedMore"/> the list has taken the head, as far as it was
    /// parsed.</summary>
    public HeadStatus Parse(ReadOnlySpan<byte> input, HeaderList headers)
    {
        var status = HeadStatus.Done;
        if (!_isInFields)
        {
            status = ParseLine(input);
            if (status == HeadStatus.Done && _line.Line.Version == HttpVersion.Http09)
            {
                headers.Adopt(input[.._at]);
                return status;
            }
        }
        if (status == HeadStatus.Done)
            status = _fields.Parse(input, ref _at, ref _room, _limits.HeadersMax, headers);
        if (status != HeadStatus.NeedMore)
            headers.Adopt(input[..Math.Min(input.Length, _at)]);
        return status;
    }

    private HeadStatus ParseLine(ReadOnlySpan<byte> input)
    {
        var status = _line.Parse(input, ref _at);
        if (status == HeadStatus.NeedMore)
            return _room.MayFit(_at) ? status : HeadStatus.LineTooLong;
        if (status != HeadStatus.Done)
            return status;
        if (!_room.Take(_at))
            return HeadStatus.LineTooLong;
        _isInFields = true;
        if (_line.Line.Version == HttpVersion.Http09 && _line.Line.Method != HttpMethod.Get)
            return HeadStatus.InvalidHttp09Method;
        return status;
    }
}
