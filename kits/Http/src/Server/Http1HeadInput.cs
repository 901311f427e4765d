namespace Microcosm.Http;

/// <summary>The head that comes on an HTTP/1 connection.</summary>
internal sealed class Http1HeadInput(Http1Connection connection)
{
    private readonly RequestHeadParser _parser = new();
    private HeaderList? _headers;
    private bool _isPartial;

    /// <summary>Something of a head came.</summary>
    public bool IsBegun => _headers is not null;

    public ref readonly RequestLine Line => ref _parser.Line;

    /// <summary>Of the head, as far as it was taken.</summary>
    public int Bytes => _parser.Parsed;

    /// <summary>Takes a head from the front where it is whole, or cannot become one.</summary>
    public HeadStatus Take(ref ReadOnlySpan<byte> rest)
    {
        if (_headers is null)
        {
            rest = rest.TrimStart("\r\n"u8);
            if (rest.IsEmpty)
                return HeadStatus.NeedMore;
            _headers = new HeaderList();
            _parser.Begin(connection.Options.HeadLimits, connection.Options.TakesAsterisk);
        }
        var status = _parser.Parse(rest, _headers);
        if (status == HeadStatus.NeedMore)
            TellReading(true);
        else
            rest = rest[_parser.Parsed..];
        return status;
    }

    /// <summary>The head ends here, whole or not: gives its fields away.</summary>
    public HeaderList End()
    {
        TellReading(false);
        var headers = _headers!;
        _headers = null;
        return headers;
    }

    /// <summary>The connection is gone.</summary>
    public void Clear()
    {
        TellReading(false);
        _headers?.Clear();
        _headers = null;
    }

    public static Refusal RefusalOf(HeadStatus status) => status switch
    {
        HeadStatus.Done => Refusal.None,
        HeadStatus.InvalidMethod => Refusal.InvalidMethod,
        HeadStatus.InvalidVersion => Refusal.InvalidVersion,
        HeadStatus.InvalidHttp09Method => Refusal.InvalidHttp09Method,
        HeadStatus.InvalidHeader => Refusal.InvalidHeaderLine,
        HeadStatus.LineTooLong => Refusal.RequestLineTooLong,
        HeadStatus.HeaderTooLong => Refusal.HeaderTooLong,
        HeadStatus.TooManyHeaders => Refusal.TooManyHeaders,
        _ => Refusal.InvalidRequestLine,
    };

    private void TellReading(bool isReading)
    {
        if (_isPartial == isReading)
            return;
        _isPartial = isReading;
        connection.Application.Reading(connection, isReading);
    }
}
