using System.Buffers;

namespace Microcosm.Http;

/// <summary>Parses a request line. Goes on where it stopped when more has come. A struct that changes.</summary>
internal struct RequestLineParser
{
    private const byte Cr = (byte)'\r';
    private const byte Lf = (byte)'\n';
    private const byte Space = (byte)' ';

    private static readonly SearchValues<byte> MethodBytes = SearchValues.Create("-ABCDEFGHIJKLMNOPQRSTUVWXYZ_"u8);

    private static readonly SearchValues<byte> SchemeBytes =
        SearchValues.Create("+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private static readonly SearchValues<byte> HostBytes =
        SearchValues.Create("-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private static readonly SearchValues<byte> LiteralBytes =
        SearchValues.Create("!$&'()*+,-.0123456789:;=ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~"u8);

    private static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789"u8);

    private static readonly SearchValues<byte> TargetEnds =
        SearchValues.Create([.. Enumerable.Range(0, 0x21).Select(i => (byte)i), 0x7f]);

    /// <summary>What was found.</summary>
    public RequestLine Line;

    private State _state;
    private int _literal;
    private int _major;
    private int _minor;

    private enum State : byte
    {
        Method,
        BeforeTarget,
        Scheme,
        SchemeSlashes,
        BeforeHost,
        HostStart,
        Host,
        HostLiteral,
        HostEnd,
        PortStart,
        Port,
        Target,
        BeforeVersion,
        Protocol,
        Major,
        Minor,
        AfterVersion,
        LineEnd,
    }

    /// <summary>OPTIONS may ask about the server itself, by <c>*</c>; nginx refuses that.</summary>
    public bool TakesAsterisk { get; init; }

    private readonly bool IsConnect => Line.Method == HttpMethod.Connect;

    /// <summary>Parses on at <paramref name="at"/>. <see cref="HeadStatus.Done"/>: behind the line's LF.</summary>
    public HeadStatus Parse(ReadOnlySpan<byte> input, ref int at)
    {
        while (at < input.Length)
        {
            var status = _state switch
            {
                State.Method => Method(input, ref at),
                State.BeforeTarget => BeforeTarget(input, ref at),
                State.Scheme or State.SchemeSlashes => Scheme(input, ref at),
                State.BeforeHost or State.HostStart => HostStart(input, ref at),
                State.Host => Skip(input, ref at, HostBytes, State.HostEnd),
                State.HostLiteral => HostLiteral(input, ref at),
                State.HostEnd => HostEnd(input, ref at),
                State.PortStart => PortStart(input, ref at),
                State.Port => Port(input, ref at),
                State.Target => Target(input, ref at),
                State.BeforeVersion => BeforeVersion(input, ref at),
                State.Protocol => Protocol(input, ref at),
                State.Major or State.Minor => Version(input, ref at),
                State.AfterVersion => AfterVersion(input, ref at),
                _ => input[at] == Lf ? HeadStatus.Done : HeadStatus.InvalidRequest,
            };
            if (status == HeadStatus.NeedMore)
                continue;
            if (status == HeadStatus.Done)
                Finish(ref at);
            return status;
        }
        return HeadStatus.NeedMore;
    }

    private void Finish(ref int at)
    {
        // Behind a CR its place is the line's end.
        if (_state != State.LineEnd)
            Line.End = at;
        at++;
        Line.Version = Line.Protocol == 0 ? HttpVersion.Http09 : new HttpVersion(_major * 1000 + _minor);
    }

    private HeadStatus Method(ReadOnlySpan<byte> input, ref int at)
    {
        var length = input[at..].IndexOfAnyExcept(MethodBytes);
        if (length < 0)
        {
            at = input.Length;
            return HeadStatus.NeedMore;
        }
        at += length;
        if (input[at] != Space || at == Line.Start)
            return HeadStatus.InvalidMethod;
        Line.MethodEnd = at++;
        Line.Method = HttpMethods.Of(input[Line.Start..Line.MethodEnd]);
        _state = IsConnect ? State.BeforeHost : State.BeforeTarget;
        if (IsConnect)
            Line.Form = TargetForm.Authority;
        return HeadStatus.NeedMore;
    }

    private HeadStatus BeforeTarget(ReadOnlySpan<byte> input, ref int at)
    {
        var b = input[at];
        switch (b)
        {
            case Space:
                break;
            case (byte)'/':
                Line.Target = at;
                _state = State.Target;
                break;
            case (byte)'*' when TakesAsterisk && Line.Method == HttpMethod.Options:
                Line.Form = TargetForm.Asterisk;
                (Line.Target, Line.TargetEnd) = (at, at + 1);
                _state = State.BeforeVersion;
                break;
            default:
                if (!char.IsAsciiLetter((char)b))
                    return HeadStatus.InvalidRequest;
                Line.Form = TargetForm.Absolute;
                Line.Scheme = at;
                _state = State.Scheme;
                break;
        }
        at++;
        return HeadStatus.NeedMore;
    }

    private HeadStatus Scheme(ReadOnlySpan<byte> input, ref int at)
    {
        if (_state == State.Scheme)
        {
            Skip(input, ref at, SchemeBytes, State.SchemeSlashes);
            return HeadStatus.NeedMore;
        }
        // "://"
        if (input[at] != (_literal == 0 ? (byte)':' : (byte)'/'))
            return HeadStatus.InvalidRequest;
        if (_literal == 0)
            Line.SchemeEnd = at;
        at++;
        if (++_literal == 3)
            (_literal, _state) = (0, State.HostStart);
        return HeadStatus.NeedMore;
    }

    private HeadStatus HostStart(ReadOnlySpan<byte> input, ref int at)
    {
        if (_state == State.BeforeHost && input[at] == Space)
        {
            at++;
            return HeadStatus.NeedMore;
        }
        Line.Host = at;
        _state = State.Host;
        if (input[at] != (byte)'[')
            return HeadStatus.NeedMore;
        at++;
        _state = State.HostLiteral;
        return HeadStatus.NeedMore;
    }

    private HeadStatus HostLiteral(ReadOnlySpan<byte> input, ref int at)
    {
        Skip(input, ref at, LiteralBytes, State.HostEnd);
        if (_state != State.HostEnd)
            return HeadStatus.NeedMore;
        if (input[at] != (byte)']')
            return HeadStatus.InvalidRequest;
        at++;
        return HeadStatus.NeedMore;
    }

    private HeadStatus HostEnd(ReadOnlySpan<byte> input, ref int at)
    {
        if (input[at] == (byte)':')
        {
            at++;
            _state = State.PortStart;
            return HeadStatus.NeedMore;
        }
        return IsConnect ? HeadStatus.InvalidRequest : AfterAuthority(input, ref at);
    }

    private HeadStatus PortStart(ReadOnlySpan<byte> input, ref int at)
    {
        if (IsConnect && !char.IsAsciiDigit((char)input[at]))
            return HeadStatus.InvalidRequest;
        _state = State.Port;
        return HeadStatus.NeedMore;
    }

    private HeadStatus Port(ReadOnlySpan<byte> input, ref int at)
    {
        var length = input[at..].IndexOfAnyExcept(Digits);
        at = length < 0 ? input.Length : at + length;
        if (length < 0)
            return HeadStatus.NeedMore;
        if (!IsConnect)
            return AfterAuthority(input, ref at);
        if (input[at] != Space)
            return HeadStatus.InvalidRequest;
        Line.HostEnd = at++;
        _state = State.BeforeVersion;
        return HeadStatus.NeedMore;
    }

    private HeadStatus AfterAuthority(ReadOnlySpan<byte> input, ref int at)
    {
        Line.HostEnd = at;
        switch (input[at])
        {
            case (byte)'/':
                Line.Target = at;
                _state = State.Target;
                break;
            case (byte)'?':
                Line.Target = at;
                Line.HasEmptyPath = true;
                _state = State.Target;
                break;
            case Space:
                // The "/" of "://" is the target.
                (Line.Target, Line.TargetEnd) = (Line.SchemeEnd + 1, Line.SchemeEnd + 2);
                _state = State.BeforeVersion;
                break;
            default:
                return HeadStatus.InvalidRequest;
        }
        at++;
        return HeadStatus.NeedMore;
    }

    private HeadStatus Target(ReadOnlySpan<byte> input, ref int at)
    {
        var length = input[at..].IndexOfAny(TargetEnds);
        at = length < 0 ? input.Length : at + length;
        if (length < 0)
            return HeadStatus.NeedMore;
        Line.TargetEnd = at;
        _state = State.BeforeVersion;
        return input[at] is Space or Cr or Lf ? HeadStatus.NeedMore : HeadStatus.InvalidRequest;
    }

    private HeadStatus BeforeVersion(ReadOnlySpan<byte> input, ref int at)
    {
        switch (input[at])
        {
            case Space:
                at++;
                return HeadStatus.NeedMore;
            case Cr or Lf:
                return EndOfLine(input, ref at);
            case (byte)'H':
                Line.Protocol = at;
                _state = State.Protocol;
                return HeadStatus.NeedMore;
            default:
                return HeadStatus.InvalidRequest;
        }
    }

    private HeadStatus Protocol(ReadOnlySpan<byte> input, ref int at)
    {
        var name = "HTTP/"u8;
        if (input[at++] != name[_literal++])
            return HeadStatus.InvalidRequest;
        if (_literal < name.Length)
            return HeadStatus.NeedMore;
        if (IsConnect)
            (Line.Target, Line.TargetEnd) = (at - 1, at);
        (_literal, _state) = (0, State.Major);
        return HeadStatus.NeedMore;
    }

    // _literal counts digits.
    private HeadStatus Version(ReadOnlySpan<byte> input, ref int at)
    {
        var b = input[at];
        if (!char.IsAsciiDigit((char)b))
        {
            if (_literal == 0)
                return HeadStatus.InvalidRequest;
            if (_state == State.Minor)
                return EndOfVersion(input, ref at);
            if (b != (byte)'.')
                return HeadStatus.InvalidRequest;
            at++;
            (_literal, _state) = (0, State.Minor);
            return HeadStatus.NeedMore;
        }
        at++;
        if (_state == State.Minor)
        {
            if (_minor > 99)
                return HeadStatus.InvalidRequest;
            _minor = _minor * 10 + (b - '0');
        }
        else
        {
            if (_literal == 0 && b == '0')
                return HeadStatus.InvalidRequest;
            _major = _major * 10 + (b - '0');
            if (_major > 1)
                return HeadStatus.InvalidVersion;
        }
        _literal++;
        return HeadStatus.NeedMore;
    }

    private HeadStatus EndOfVersion(ReadOnlySpan<byte> input, ref int at)
    {
        if (input[at] == Space)
        {
            at++;
            _state = State.AfterVersion;
            return HeadStatus.NeedMore;
        }
        return EndOfLine(input, ref at);
    }

    private HeadStatus AfterVersion(ReadOnlySpan<byte> input, ref int at)
    {
        if (input[at] != Space)
            return EndOfLine(input, ref at);
        at++;
        return HeadStatus.NeedMore;
    }

    private HeadStatus EndOfLine(ReadOnlySpan<byte> input, ref int at)
    {
        if (input[at] == Lf)
            return HeadStatus.Done;
        if (input[at] != Cr)
            return HeadStatus.InvalidRequest;
        Line.End = at++;
        _state = State.LineEnd;
        return HeadStatus.NeedMore;
    }

    // Passes over bytes of a set; at another byte the next state begins.
    private HeadStatus Skip(ReadOnlySpan<byte> input, ref int at, SearchValues<byte> set, State next)
    {
        var length = input[at..].IndexOfAnyExcept(set);
        at = length < 0 ? input.Length : at + length;
        if (length >= 0)
            _state = next;
        return HeadStatus.NeedMore;
    }
}
