using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>
/// <c>slice</c>: a response is fetched in parts of one size, the first by the request itself and the others by copies of it (nginx:
/// ngx_http_slice_filter). Shared by all of them.
/// </summary>
internal sealed class Slice(long size, long start)
{
    private byte[]? _etag;

    /// <summary>Where the next part begins.</summary>
    public long Start { get; private set; } = start;

    /// <summary>Behind the last byte that the client gets.</summary>
    public long End { get; private set; }

    /// <summary>The part that is asked for has been answered.</summary>
    public bool IsAnswered { get; private set; }

    /// <summary><c>$slice_range</c>: the part that is asked for.</summary>
    public string Range { get; private set; } = RangeOf(start, size);

    /// <summary>The slices of a request, begun by the first use of <c>$slice_range</c>; null where there are none.</summary>
    public static Slice? Of(HttpRequest request)
    {
        if (request.Slice is not null || request.Parent is not null || request.Response.Status != 0)
            return request.Slice;
        var size = request.Level.Get(FilterModules.Slice);
        return size == 0 ? null : request.Slice = new Slice(size, size * (StartOf(request.Exchange.RequestHeaders) / size));
    }

    /// <summary>Takes the head of a part's answer, and makes it one of the whole. False: it is not what was asked for, as the log
    /// says.</summary>
    public bool TryAccept(HttpRequest request)
    {
        var response = request.Response;
        if (response.Status != 206)
        {
            // One who does not know ranges has given all.
            if (request.Parent is null)
            {
                request.Slice = null;
                return true;
            }
            return Refuse(request, $"unexpected status code {response.Status} in slice response");
        }
        if (_etag is not null && !(response.ETag is { } tag && tag.AsSpan().SequenceEqual(_etag)))
            return Refuse(request, "etag mismatch in slice response");
        _etag = response.ETag;
        if (!ContentRange.TryParse(response.Headers[KnownHeader.ContentRange], out var range))
            return Refuse(request, "invalid range in slice response");
        if (range.Whole < 0)
            return Refuse(request, "no complete length in slice response");
        var end = Math.Min(range.Start + size, range.Whole);
        if (range.Start != Start || range.End != end)
        {
            return Refuse(request,
                FormattableString.Invariant($"unexpected range in slice response: {range.Start}-{range.End}, expected: {Start}-{end}"));
        }
        (Start, IsAnswered) = (end, true);
        if (request.Parent is null)
            End = range.Whole;
        // Of the first the head is that of the whole.
        var length = request.Parent is null ? range.Whole : range.End - range.Start;
        (response.Status, response.StatusLine, response.ContentLength, response.ContentOffset) = (200, null, length, range.Start);
        response.Headers.Remove(KnownHeader.ContentRange);
        response.Headers.Remove(KnownHeader.AcceptRanges);
        (response.AllowsRanges, response.AllowsOneRange) = (true, true);
        return true;
    }

    /// <summary>The client gets the bytes up to <paramref name="end"/>, from <paramref name="start"/> on: parts before it are passed
    /// over.</summary>
    public void Want(long start, long end)
    {
        if (Start + size <= start)
            Start = size * (start / size);
        End = end;
    }

    /// <summary>Asks for the next part from now on.</summary>
    public void GoOn() => (Range, IsAnswered) = (RangeOf(Start, size), false);

    private static string RangeOf(long start, long size) => FormattableString.Invariant($"bytes={start}-{start + size - 1}");

    private static bool Refuse(HttpRequest request, string why)
    {
        request.LogError(LogLevel.Error, why);
        return false;
    }

    // Where the one range that is asked for begins; 0 where the whole is to be looked at.
    private static long StartOf(HeaderList headers)
    {
        var value = headers[KnownHeader.Range];
        if (headers.Contains(KnownHeader.IfRange) || value.Length < 7 || !System.Text.Ascii.EqualsIgnoreCase(value[..6], "bytes="u8)
            || value.IndexOf((byte)',') >= 0)
            return 0;
        value = value[6..].TrimStart((byte)' ');
        var end = value.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return long.TryParse(end < 0 ? value : value[..end], System.Globalization.NumberStyles.None, null, out var start) ? start : 0;
    }
}
