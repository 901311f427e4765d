namespace Microcosm.Http;

/// <summary>A body as its head frames it: of a length, chunked, or up to the connection's end. A struct that changes.</summary>
internal struct BodyReader
{
    private long _left;
    private bool _isChunked;
    private ChunkDecoder _chunks;
    private HeaderLines _trailers;
    private HeadRoom _room;
    private int _at;
    private int _trailersMax;
    private bool _isInTrailers;

    /// <summary>True once all of it was taken.</summary>
    public bool IsDone { get; private set; }

    /// <summary>The body is chunked, and may have trailers.</summary>
    public readonly bool IsChunked => _isChunked;

    /// <summary>True where the end of the connection is the body's.</summary>
    public bool EndsWithConnection { get; private set; }

    /// <summary>Of a length, 0 for none.</summary>
    public static BodyReader OfLength(long length) => new() { _left = length, IsDone = length == 0 };

    /// <summary>Up to the end of the connection.</summary>
    public static BodyReader UntilEnd() => new() { _left = long.MaxValue, EndsWithConnection = true };

    /// <summary>Chunked; trailers are kept.</summary>
    /// <param name="refusesBareLf">Lines of trailers end in CR LF.</param>
    public static BodyReader Chunked(HeadLimits limits, bool refusesBareLf) => new()
    {
        _isChunked = true,
        _chunks = new ChunkDecoder { LeavesTrailers = true },
        _trailers = new HeaderLines { RefusesBareLf = refusesBareLf },
        _room = new HeadRoom(limits),
        _trailersMax = limits.HeadersMax,
    };

    /// <summary>Takes the front of the input: up to a piece of the body, which is taken too.</summary>
    /// <param name="trailers">Where trailers go; only of a chunked body.</param>
    public BodyResult Next(ref ReadOnlySpan<byte> input, HeaderList? trailers, out ReadOnlySpan<byte> data)
    {
        data = default;
        if (IsDone)
            return BodyResult.Done;
        if (_isInTrailers)
            return Trailers(ref input, trailers!);
        if (!_isChunked)
            return Plain(ref input, out data);
        switch (_chunks.Decode(ref input, out data))
        {
            case ChunkResult.Data:
                return BodyResult.Data;
            case ChunkResult.Trailers:
                _isInTrailers = true;
                return Trailers(ref input, trailers!);
            case ChunkResult.NeedMore:
                return BodyResult.NeedMore;
            default:
                return BodyResult.Invalid;
        }
    }

    private BodyResult Plain(ref ReadOnlySpan<byte> input, out ReadOnlySpan<byte> data)
    {
        data = input[..(int)Math.Min(_left, input.Length)];
        input = input[data.Length..];
        if (!EndsWithConnection)
            _left -= data.Length;
        IsDone = _left == 0;
        return data.IsEmpty ? BodyResult.NeedMore : BodyResult.Data;
    }

    private BodyResult Trailers(ref ReadOnlySpan<byte> input, HeaderList trailers)
    {
        var status = _trailers.Parse(input, ref _at, ref _room, _trailersMax, trailers);
        if (status == HeadStatus.NeedMore)
            return BodyResult.NeedMore;
        if (status != HeadStatus.Done)
            return BodyResult.Invalid;
        trailers.Adopt(input[.._at]);
        input = input[_at..];
        IsDone = true;
        return BodyResult.Done;
    }
}
