using System.Buffers;

namespace Microcosm.Nginx;

/// <summary>
/// <c>sub_filter</c>: texts in the place of others, without regard to case (nginx: ngx_http_sub_filter). Where several could begin, the
/// first of the configuration is waited for. Held are the last bytes, as long as one may begin in them.
/// </summary>
internal sealed class SubFilter : BodyFilter
{
    private readonly HttpRequest _request;
    private readonly (byte[] Match, ComplexValue Value)[] _pairs;
    private readonly byte[]?[] _values;
    private readonly SearchValues<byte> _firsts;
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly bool _isOnce;
    private byte[] _held = [];
    private int _applied;

    private SubFilter(HttpRequest request, (byte[] Match, ComplexValue Value)[] pairs)
    {
        (_request, _pairs, _values) = (request, pairs, new byte[pairs.Length][]);
        _isOnce = request.Level.Get(FilterModules.SubFilterOnce);
        _firsts = SearchValues.Create([.. pairs.SelectMany(p => new[] { p.Match[0], Upper(p.Match[0]) }).Distinct()]);
    }

    private bool IsDone => _isOnce && _applied == _pairs.Length;

    public static SubFilter? TryBegin(HttpRequest request)
    {
        var (response, level) = (request.Response, request.Level);
        var configured = level.Get(FilterModules.SubFilter);
        if (configured.Count == 0 || response.ContentLength == 0
            || !ContentTypes.IsOneOf(response, level.Get(FilterModules.SubFilterTypes)))
            return null;
        var pairs = new List<(byte[] Match, ComplexValue Value)>(configured.Count);
        foreach (var (match, value) in configured)
        {
            var text = match.Evaluate(request.Values).ToArray();
            for (var i = 0; i < text.Length; i++)
                text[i] = Latin1.Lower(text[i]);
            if (text.Length > 0)
                pairs.Add((text, value));
        }
        if (pairs.Count == 0)
            return null;
        response.BecomesAnother();
        if (level.Get(FilterModules.SubFilterLastModified))
            response.WeakenETag();
        else
            response.ForgetVersion();
        return new SubFilter(request, [.. pairs]);
    }

    public override void Write(ReadOnlySpan<byte> bytes)
    {
        if (_held.Length > 0)
        {
            bytes = (byte[])[.. _held, .. bytes];
            _held = [];
        }
        if (IsDone)
        {
            Next.Write(bytes);
            return;
        }
        _output.ResetWrittenCount();
        while (!bytes.IsEmpty && !IsDone)
        {
            var first = bytes.IndexOfAny(_firsts);
            if (first < 0)
                break;
            _output.Write(bytes[..first]);
            bytes = bytes[first..];
            var found = Find(bytes, out var isCut);
            if (isCut)
            {
                _held = bytes.ToArray();
                bytes = default;
            }
            else if (found >= 0)
            {
                _output.Write(ValueOf(found));
                bytes = bytes[_pairs[found].Match.Length..];
            }
            else
            {
                _output.Write(bytes[..1]);
                bytes = bytes[1..];
            }
        }
        _output.Write(bytes);
        if (_output.WrittenCount > 0)
            Next.Write(_output.WrittenSpan);
    }

    public override void End()
    {
        // What only began is no match.
        if (_held.Length > 0)
            Next.Write(_held);
        _held = [];
        Next.End();
    }

    // The first that stands, or may stand, at the beginning; -1 for none.
    private int Find(ReadOnlySpan<byte> bytes, out bool isCut)
    {
        isCut = false;
        for (var i = 0; i < _pairs.Length; i++)
        {
            if (_isOnce && _values[i] is not null)
                continue;
            var match = _pairs[i].Match;
            var length = Math.Min(match.Length, bytes.Length);
            var at = 0;
            while (at < length && Latin1.Lower(bytes[at]) == match[at])
                at++;
            if (at < length)
                continue;
            isCut = length < match.Length;
            return i;
        }
        return -1;
    }

    // Of a response each value is made once.
    private byte[] ValueOf(int pair)
    {
        _applied++;
        return _values[pair] ??= _pairs[pair].Value.Evaluate(_request.Values).ToArray();
    }

    private static byte Upper(byte value) => value is >= (byte)'a' and <= (byte)'z' ? (byte)(value & ~0x20) : value;
}
