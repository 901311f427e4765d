namespace Microcosm.Http;

/// <summary>
/// Parses the head of an HTTP/1 response as nginx does. The head is shown from its first byte each time; parsing goes on where it stopped.
/// </summary>
internal sealed class ResponseHeadParser
{
    private HeaderLines _fields;
    private HeadRoom _room;
    private StatusLine _line;
    private int _at;
    private int _digits;
    private int _major;
    private int _minor;
    private State _state;
    private HeadLimits _limits = HeadLimits.Default;

    private enum State : byte
    {
        Protocol,
        Major,
        Minor,
        Status,
        AfterStatus,
        Words,
        LineEnd,
        Fields,
    }

    /// <summary>The status line, once it was parsed.</summary>
    public ref readonly StatusLine Line => ref _line;

    /// <summary>Bytes that were parsed: of a whole head, its length.</summary>
    public int Parsed => _at;

    /// <summary>Begins another head.</summary>
    public void Begin(HeadLimits limits)
    {
        _limits = limits;
        _room = new HeadRoom(limits);
        _fields = new HeaderLines { IgnoresStatusLines = true };
        _line = default;
        _at = _digits = _major = _minor = 0;
        _state = State.Protocol;
    }

    /// <summary>Parses on. On anything but <see cref="HeadStatus.NeedMore"/> the list has taken the head, as far as it was
    /// parsed.</summary>
    public HeadStatus Parse(ReadOnlySpan<byte> input, HeaderList headers)
    {
        var status = HeadStatus.Done;
        if (_state != State.Fields)
        {
            status = ParseLine(input);
            if (status == HeadStatus.NeedMore && !_room.MayFit(_at))
                status = HeadStatus.HeaderTooLong;
            if (status == HeadStatus.Done && !_room.Take(_at))
                status = HeadStatus.HeaderTooLong;
        }
        if (status == HeadStatus.Done)
            status = _fields.Parse(input, ref _at, ref _room, _limits.HeadersMax, headers);
        if (status != HeadStatus.NeedMore)
            headers.Adopt(input[..Math.Min(_at, input.Length)]);
        return status;
    }

    private HeadStatus ParseLine(ReadOnlySpan<byte> input)
    {
        while (_at < input.Length)
        {
            var b = input[_at];
            switch (_state)
            {
                case State.Protocol:
                    if (b != "HTTP/"u8[_digits])
                        return HeadStatus.InvalidStatusLine;
                    if (++_digits == 5)
                        (_digits, _state) = (0, State.Major);
                    break;
                case State.Major or State.Minor:
                    if (!Version(b))
                        return HeadStatus.InvalidStatusLine;
                    break;
                case State.Status:
                    if (!Status(b))
                        return HeadStatus.InvalidStatusLine;
                    break;
                case State.AfterStatus when b is not ((byte)' ' or (byte)'.' or (byte)'\r' or (byte)'\n'):
                    return HeadStatus.InvalidStatusLine;
                case State.LineEnd when b != (byte)'\n':
                    return HeadStatus.InvalidStatusLine;
                default:
                    if (EndsLine(b))
                        return HeadStatus.Done;
                    break;
            }
            _at++;
        }
        return HeadStatus.NeedMore;
    }

    private bool Version(byte b)
    {
        var end = _state == State.Major ? (byte)'.' : (byte)' ';
        if (b == end && _digits > 0)
        {
            _line.Version = new HttpVersion(_major * 1000 + _minor);
            (_digits, _state) = (0, _state + 1);
            return true;
        }
        if (!char.IsAsciiDigit((char)b) || (_state == State.Major && _digits == 0 && b == '0'))
            return false;
        ref var value = ref _state == State.Major ? ref _major : ref _minor;
        if (value > 99)
            return false;
        value = value * 10 + (b - '0');
        _digits++;
        return true;
    }

    private bool Status(byte b)
    {
        if (b == (byte)' ')
            return true;
        if (!char.IsAsciiDigit((char)b))
            return false;
        _line.Status = _line.Status * 10 + (b - '0');
        if (++_digits == 3)
        {
            _line.Code = _at - 2;
            _state = State.AfterStatus;
        }
        return true;
    }

    // Behind the code: words, up to the end of the line.
    private bool EndsLine(byte b)
    {
        if (b == (byte)'\n')
        {
            if (_state != State.LineEnd)
                _line.End = _at;
            _at++;
            _state = State.Fields;
            return true;
        }
        if (b == (byte)'\r')
            _line.End = _at;
        _state = b == (byte)'\r' ? State.LineEnd : State.Words;
        return false;
    }
}
