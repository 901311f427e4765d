namespace Microcosm.Http;

/// <summary>
/// The chunked coding (RFC 9112 7.1) as nginx takes it: extensions are passed over, lines end in CR LF and nothing else, and a size is at
/// most 2^63 - 1. A struct that changes.
/// </summary>
internal struct ChunkDecoder
{
    private const long SizeMax = long.MaxValue - 9;

    private State _state;
    private long _size;

    private enum State : byte
    {
        Start,
        Size,
        Extension,
        SizeEnd,
        Data,
        AfterData,
        AfterDataEnd,
        LastExtension,
        LastEnd,
        Trailer,
        TrailerEnd,
        TrailerField,
        TrailerFieldEnd,
    }

    /// <summary>The decoder stops before trailers, which are then somebody else's to parse; otherwise it passes over them.</summary>
    public bool LeavesTrailers { get; init; }

    /// <summary>
    /// Takes the front of <paramref name="input"/>: up to a piece of the body, which is then <paramref name="data"/> and taken too.
    /// </summary>
    public ChunkResult Decode(ref ReadOnlySpan<byte> input, out ReadOnlySpan<byte> data)
    {
        data = default;
        for (var i = 0; i < input.Length; i++)
        {
            if (_state == State.Data)
            {
                var length = (int)Math.Min(_size, input.Length - i);
                data = input.Slice(i, length);
                input = input[(i + length)..];
                _size -= length;
                if (_size == 0)
                    _state = State.AfterData;
                return ChunkResult.Data;
            }
            var next = Next(input[i]);
            if (next == ChunkResult.NeedMore)
                continue;
            input = input[(i + 1)..];
            return next;
        }
        input = default;
        return ChunkResult.NeedMore;
    }

    private ChunkResult Next(byte b)
    {
        switch (_state)
        {
            case State.Start or State.Size:
                return Size(b);
            case State.Extension or State.LastExtension:
                return b == (byte)'\n' ? ChunkResult.Invalid : b == (byte)'\r' ? Go(_state + 1) : ChunkResult.NeedMore;
            case State.SizeEnd:
                return b == (byte)'\n' ? Go(State.Data) : ChunkResult.Invalid;
            case State.AfterData:
                return b == (byte)'\r' ? Go(State.AfterDataEnd) : ChunkResult.Invalid;
            case State.AfterDataEnd:
                return b == (byte)'\n' ? Go(State.Start) : ChunkResult.Invalid;
            case State.LastEnd:
                if (b != (byte)'\n')
                    return ChunkResult.Invalid;
                Go(State.Trailer);
                return LeavesTrailers ? ChunkResult.Trailers : ChunkResult.NeedMore;
            case State.Trailer or State.TrailerField:
                return b == (byte)'\n' ? ChunkResult.Invalid : Go(b == (byte)'\r' ? _state + 1 : State.TrailerField);
            case State.TrailerEnd:
                return b == (byte)'\n' ? ChunkResult.Done : ChunkResult.Invalid;
            default:
                return b == (byte)'\n' ? Go(State.Trailer) : ChunkResult.Invalid;
        }
    }

    private ChunkResult Size(byte b)
    {
        var digit = HexDigit(b);
        if (digit >= 0)
        {
            if (_state == State.Start)
                _size = 0;
            if (_size > long.MaxValue / 16)
                return ChunkResult.Invalid;
            _size = _size * 16 + digit;
            return _size > SizeMax ? ChunkResult.Invalid : Go(State.Size);
        }
        if (_state == State.Start)
            return ChunkResult.Invalid;
        return b switch
        {
            (byte)'\r' => Go(_size == 0 ? State.LastEnd : State.SizeEnd),
            (byte)';' or (byte)' ' or (byte)'\t' => Go(_size == 0 ? State.LastExtension : State.Extension),
            _ => ChunkResult.Invalid,
        };
    }

    private ChunkResult Go(State state)
    {
        _state = state;
        return ChunkResult.NeedMore;
    }

    private static int HexDigit(byte b) => b switch
    {
        >= (byte)'0' and <= (byte)'9' => b - '0',
        >= (byte)'a' and <= (byte)'f' => b - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => b - 'A' + 10,
        _ => -1,
    };
}
