using System.Buffers;

namespace Microcosm.Http;

/// <summary>
/// Decodes and normalises the target of a request as nginx does (ngx_http_parse_complex_uri): percent-decoding, <c>.</c> and <c>..</c>,
/// runs
/// of slashes, and the end at <c>?</c> or <c>#</c>. A path that climbs above the root, a NUL or a broken escape is refused.
/// </summary>
public ref struct PathNormaliser
{
    private static readonly SearchValues<byte> Special = SearchValues.Create("%./?#"u8);

    private readonly ReadOnlySpan<byte> _target;
    private readonly Span<byte> _to;
    private readonly bool _mergesSlashes;
    private State _state;
    private int _length;
    private int _dot;

    private PathNormaliser(ReadOnlySpan<byte> target, bool mergesSlashes, Span<byte> to)
    {
        _target = target;
        _mergesSlashes = mergesSlashes;
        _to = to;
        _dot = -1;
    }

    private enum State : byte
    {
        Usual,
        Slash,
        Dot,
        DotDot,
    }

    /// <summary>True where a path comes out as it is: no escape, no dot behind a slash, no two slashes, no number sign.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> target)
    {
        for (var i = 0; ;)
        {
            var next = target[i..].IndexOfAny(Special);
            if (next < 0)
                return true;
            i += next;
            switch (target[i])
            {
                case (byte)'?':
                    return !target[i..].Contains((byte)'#');
                case (byte)'%' or (byte)'#':
                    return false;
                case (byte)'/' when i + 1 < target.Length && target[i + 1] is (byte)'/' or (byte)'.':
                    return false;
            }
            i++;
        }
    }

    /// <summary>Normalises. False: the target is no path.</summary>
    /// <param name="target">In origin form, or <c>?query</c> for an empty path.</param>
    /// <param name="to">Room for the path: one byte more than the target.</param>
    public static bool TryNormalise(ReadOnlySpan<byte> target, bool mergesSlashes, Span<byte> to, out NormalisedPath path) =>
        new PathNormaliser(target, mergesSlashes, to).TryRun(out path);

    private bool TryRun(out NormalisedPath path)
    {
        path = default;
        if (_target.IsEmpty || _target[0] == (byte)'?')
            _to[_length++] = (byte)'/';
        var query = -1;
        for (var i = 0; i < _target.Length; i++)
        {
            var b = _target[i];
            if (b == (byte)'%')
            {
                if (!TryDecode(ref i, out b))
                    return false;
                // These do not end the path when they are escaped; a dot or a slash counts as if it were not.
                if (b is (byte)'%' or (byte)'#' or (byte)'?')
                {
                    _state = State.Usual;
                    _to[_length++] = b;
                    continue;
                }
            }
            else if (b is (byte)'?' or (byte)'#')
            {
                if (b == (byte)'?')
                    query = i + 1;
                break;
            }
            if (!Take(b))
                return false;
        }
        if (!EndSegment())
            return false;
        path = Result(query);
        return true;
    }

    private readonly NormalisedPath Result(int query)
    {
        var arguments = query < 0 ? default : _target[query..];
        var fragment = arguments.IndexOf((byte)'#');
        return new NormalisedPath
        {
            Path = _to[.._length],
            Query = fragment < 0 ? arguments : arguments[..fragment],
            Extension = _dot >= 0 && _dot <= _length ? _to[_dot.._length] : default,
            HasQuery = query >= 0,
        };
    }

    private bool Take(byte b)
    {
        if (b == (byte)'/')
        {
            if (_state == State.Slash)
            {
                if (!_mergesSlashes)
                    _to[_length++] = b;
                return true;
            }
            if (_state is State.Dot or State.DotDot)
            {
                if (!EndSegment())
                    return false;
            }
            else
            {
                _to[_length++] = b;
            }
            _dot = -1;
            _state = State.Slash;
            return true;
        }
        var before = _state;
        _state = (before, b) switch
        {
            (State.Slash, (byte)'.') => State.Dot,
            (State.Dot, (byte)'.') => State.DotDot,
            _ => State.Usual,
        };
        _to[_length++] = b;
        if (b == (byte)'.' && before == State.Usual)
            _dot = _length;
        return true;
    }

    // A segment of one dot goes; one of two takes the segment before with it. False above the root.
    private bool EndSegment()
    {
        if (_state == State.Dot)
            _length--;
        if (_state != State.DotDot)
            return true;
        var parent = _length > 3 ? _to[..(_length - 3)].LastIndexOf((byte)'/') : -1;
        if (parent < 0)
            return false;
        _length = parent + 1;
        _dot = -1;
        return true;
    }

    private readonly bool TryDecode(ref int i, out byte b)
    {
        b = 0;
        if (i + 2 >= _target.Length || !char.IsAsciiHexDigit((char)_target[i + 1]) || !char.IsAsciiHexDigit((char)_target[i + 2]))
            return false;
        b = (byte)(Value(_target[i + 1]) << 4 | Value(_target[i + 2]));
        i += 2;
        return b != 0;
    }

    private static int Value(byte digit) => digit <= (byte)'9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
