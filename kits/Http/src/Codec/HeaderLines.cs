using System.Buffers;

namespace Microcosm.Http;

/// <summary>
/// Parses the fields of a head up to the empty line, as nginx does: lines end in LF or CR LF; after a CR nothing else may come; a name
/// without a colon is a field without a value. Goes on where it stopped when more has come. A struct that changes.
/// </summary>
internal struct HeaderLines
{
    private const byte Cr = (byte)'\r';
    private const byte Lf = (byte)'\n';

    private static readonly SearchValues<byte> NameBytes =
        SearchValues.Create("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private static readonly SearchValues<byte> ValueEnds = SearchValues.Create("\0\r\n"u8);

    private State _state;
    private int _name;
    private int _nameEnd;
    private int _value;
    private int _valueEnd;
    private HeaderFlags _flags;

    private enum State : byte
    {
        Start,
        Name,
        BeforeValue,
        Value,
        LineEnd,
        HeadEnd,
        IgnoredLine,
    }

    /// <summary>Where the line begins that is being parsed.</summary>
    public int LineStart { get; private set; }

    /// <summary>A line <c>HTTP/…</c> among fields is passed over: some servers repeat their status line.</summary>
    public bool IgnoresStatusLines { get; init; }

    /// <summary>A line that ends in LF alone is refused.</summary>
    public bool RefusesBareLf { get; init; }

    /// <summary>
    /// Parses on at <paramref name="at"/>. <see cref="HeadStatus.Done"/>: behind the empty line. Fields are added with their offsets.
    /// </summary>
    public HeadStatus Parse(ReadOnlySpan<byte> input, ref int at, ref HeadRoom room, int headersMax, HeaderList headers)
    {
        while (at < input.Length)
        {
            var status = _state switch
            {
                State.Start => Start(input, ref at),
                State.Name => Name(input, ref at),
                State.BeforeValue => BeforeValue(input, ref at),
                State.Value => Value(input, ref at),
                State.LineEnd => LineEnd(input, ref at),
                State.HeadEnd => input[at] == Lf ? HeadStatus.Done : HeadStatus.InvalidHeader,
                _ => IgnoredLine(input, ref at),
            };
            if (status == HeadStatus.NeedMore)
                continue;
            if (status != HeadStatus.Done)
                return status;
            at++;
            if (!room.Take(at - LineStart))
                return HeadStatus.HeaderTooLong;
            if (_state is State.HeadEnd or State.Start)
                return HeadStatus.Done;
            if (headers.Count == headersMax)
                return HeadStatus.TooManyHeaders;
            headers.AddParsed(_name, _nameEnd - _name, _value, _valueEnd - _value, KnownHeaders.Of(input[_name.._nameEnd]), _flags);
            _state = State.Start;
            LineStart = at;
        }
        if (_state == State.Start)
            LineStart = at;
        return room.MayFit(at - LineStart) ? HeadStatus.NeedMore : HeadStatus.HeaderTooLong;
    }

    // Done in this state is the end of the head; in others the end of a line.
    private HeadStatus Start(ReadOnlySpan<byte> input, ref int at)
    {
        LineStart = _name = at;
        _flags = HeaderFlags.None;
        var first = input[at];
        if (first == Lf)
            return RefusesBareLf ? HeadStatus.InvalidHeader : HeadStatus.Done;
        if (first == Cr)
        {
            _state = State.HeadEnd;
            at++;
            return HeadStatus.NeedMore;
        }
        if (first is <= 0x20 or 0x7f or (byte)':')
            return HeadStatus.InvalidHeader;
        _state = State.Name;
        return HeadStatus.NeedMore;
    }

    private HeadStatus Name(ReadOnlySpan<byte> input, ref int at)
    {
        var skipped = input[at..].IndexOfAnyExcept(NameBytes);
        if (skipped < 0)
        {
            at = input.Length;
            return HeadStatus.NeedMore;
        }
        at += skipped;
        switch (input[at])
        {
            case (byte)':':
                _nameEnd = at++;
                _state = State.BeforeValue;
                return HeadStatus.NeedMore;
            case Cr or Lf:
                _nameEnd = _value = _valueEnd = at;
                _state = State.LineEnd;
                return HeadStatus.NeedMore;
            case (byte)'_':
                _flags |= HeaderFlags.Underscore;
                break;
            case (byte)'/' when IgnoresStatusLines && input[_name..at].SequenceEqual("HTTP"u8):
                _state = State.IgnoredLine;
                break;
            case <= 0x20 or 0x7f:
                return HeadStatus.InvalidHeader;
            default:
                _flags |= HeaderFlags.InvalidName;
                break;
        }
        at++;
        return HeadStatus.NeedMore;
    }

    private HeadStatus BeforeValue(ReadOnlySpan<byte> input, ref int at)
    {
        while (input[at] == (byte)' ')
        {
            if (++at == input.Length)
                return HeadStatus.NeedMore;
        }
        _value = at;
        _state = State.Value;
        return HeadStatus.NeedMore;
    }

    private HeadStatus Value(ReadOnlySpan<byte> input, ref int at)
    {
        var length = input[at..].IndexOfAny(ValueEnds);
        if (length < 0)
        {
            at = input.Length;
            return HeadStatus.NeedMore;
        }
        at += length;
        if (input[at] == 0)
            return HeadStatus.InvalidHeader;
        _valueEnd = at;
        while (_valueEnd > _value && input[_valueEnd - 1] == (byte)' ')
            _valueEnd--;
        _state = State.LineEnd;
        return HeadStatus.NeedMore;
    }

    private readonly HeadStatus LineEnd(ReadOnlySpan<byte> input, ref int at)
    {
        while (input[at] == Cr)
        {
            if (++at == input.Length)
                return HeadStatus.NeedMore;
        }
        return input[at] == Lf && (!RefusesBareLf || input[at - 1] == Cr) ? HeadStatus.Done : HeadStatus.InvalidHeader;
    }

    private HeadStatus IgnoredLine(ReadOnlySpan<byte> input, ref int at)
    {
        var end = input[at..].IndexOf(Lf);
        at = end < 0 ? input.Length : at + end + 1;
        if (end >= 0)
            _state = State.Start;
        return HeadStatus.NeedMore;
    }
}
