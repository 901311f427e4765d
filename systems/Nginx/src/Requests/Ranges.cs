using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>Ranges of a body whose length is known (nginx: ngx_http_range_filter; RFC 9110 section 14).</summary>
internal static class Ranges
{
    private static readonly byte[] BytesUnit = "bytes"u8.ToArray();

    /// <summary>The body's parts that were asked for, or the whole.</summary>
    public static IReadOnlyList<BodyPart> Apply(HttpRequest request, IReadOnlyList<BodyPart> body)
    {
        if (Find(request, request.Level.Get(HttpCoreModule.MaxRanges)) is not { } ranges)
            return body;
        if (ranges.Count == 0)
        {
            foreach (var part in body)
                part.File?.Release();
            return [Unsatisfiable(request)];
        }
        (request.Response.Status, request.Response.StatusLine) = (206, null);
        var parts = new List<BodyPart>();
        if (ranges.Count == 1)
        {
            Announce(request.Response, ranges[0]);
            Slice(body, ranges[0], parts);
        }
        else
        {
            Many(request, body, ranges, parts);
        }
        foreach (var part in body)
            part.File?.Release();
        return parts;
    }

    /// <summary>The same for a body that comes in pieces: one range at most, for which the pieces are cut. False: the range does not lie
    /// within; the response is made one that says so, with a body of its own.</summary>
    public static bool TryCut(HttpRequest request, out BodyRange? range, out BodyPart refusal)
    {
        (range, refusal) = (null, default);
        if (Find(request, Math.Min(1, request.Level.Get(HttpCoreModule.MaxRanges))) is not { } ranges)
            return true;
        if (ranges.Count == 0)
        {
            refusal = Unsatisfiable(request);
            return false;
        }
        (request.Response.Status, request.Response.StatusLine) = (206, null);
        Announce(request.Response, ranges[0]);
        range = new BodyRange(ranges[0].Start, ranges[0].End, request.Response.ContentOffset);
        return true;
    }

    // Null: the whole is wanted. Empty: none of them lies within.
    private static List<(long Start, long End)>? Find(HttpRequest request, long max)
    {
        var (response, headers) = (request.Response, request.Exchange.RequestHeaders);
        if (!response.AllowsRanges || response.Status != 200 || response.ContentLength < 0 || max == 0 || request.Parent is not null)
            return null;
        var at = headers.IndexOf(KnownHeader.Range);
        if (at >= 0 && IsWanted(response, headers)
            && Parse(headers[at].Value, response.ContentLength, response.AllowsOneRange ? 1 : max) is { } ranges)
            return ranges;
        response.Headers.Add(KnownHeader.AcceptRanges, BytesUnit);
        return null;
    }

    private static bool IsWanted(Response response, HeaderList headers)
    {
        var at = headers.IndexOf(KnownHeader.IfRange);
        if (at < 0)
            return true;
        var value = headers[at].Value;
        if (value.Length >= 2 && value[^1] == '"')
            return response.ETag is { } tag && value.SequenceEqual(tag);
        return response.LastModified is { } modified && Conditions.Seconds(value) == modified;
    }

    // Null: not to be looked at. Empty: none of them lies within.
    private static List<(long Start, long End)>? Parse(ReadOnlySpan<byte> value, long length, long max)
    {
        if (value.Length < 7 || !value[..6].SequenceEqual("bytes="u8) && !Encoding.ASCII.GetString(value[..6]).Equals("bytes=",
            StringComparison.OrdinalIgnoreCase))
            return null;
        var ranges = new List<(long Start, long End)>();
        var (left, total) = (max, 0L);
        var list = value[6..];
        foreach (var part in list.Split((byte)','))
        {
            var text = list[part].Trim((byte)' ');
            var dash = text.IndexOf((byte)'-');
            if (dash < 0
                || !TryNumber(text[..dash].TrimEnd((byte)' '), out var start)
                || !TryNumber(text[(dash + 1)..].TrimStart((byte)' '), out var end)
                || (start < 0 && end < 0))
                return [];
            if (start < 0)
                (start, end) = (Math.Max(0, length - end), length);
            else
                end = end < 0 || end >= length ? length : end + 1;
            if (start >= end)
                continue;
            if (left-- == 0)
                return null;
            total += end - start;
            ranges.Add((start, end));
        }
        // More than the whole is not worth the trouble.
        return total > length ? null : ranges;
    }

    // -1 for none.
    private static bool TryNumber(ReadOnlySpan<byte> text, out long number)
    {
        number = -1;
        return text.IsEmpty || (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= 0);
    }

    private static BodyPart Unsatisfiable(HttpRequest request)
    {
        var response = request.Response;
        var length = response.ContentLength;
        var page = SpecialPages.Find(416, ServerToken.Shown(request.Level), isPadded: false)!;
        response.Clear();
        (response.Status, response.ContentType, response.ContentLength) = (416, "text/html"u8.ToArray(), page.Length);
        response.Headers.Set(KnownHeader.ContentRange, Ascii($"bytes */{length}"));
        return BodyPart.Of(page);
    }

    private static void Announce(Response response, (long Start, long End) range)
    {
        response.Headers.Set(KnownHeader.ContentRange, Ascii($"bytes {range.Start}-{range.End - 1}/{response.ContentLength}"));
        response.ContentLength = range.End - range.Start;
    }

    private static void Many(HttpRequest request, IReadOnlyList<BodyPart> body, List<(long Start, long End)> ranges, List<BodyPart> parts)
    {
        var response = request.Response;
        var boundary = request.Worker.NextBoundary().ToString("D20", CultureInfo.InvariantCulture);
        var type = response.FullType is { } given ? $"\r\nContent-Type: {Latin1.Text(given)}" : "";
        response.Charset = null;
        response.Headers.Remove(KnownHeader.ContentRange);
        foreach (var range in ranges)
        {
            parts.Add(BodyPart.Of(Ascii($"\r\n--{boundary}{type}\r\nContent-Range: bytes {range.Start}-{range.End - 1}"
                + $"/{response.ContentLength}\r\n\r\n")));
            Slice(body, range, parts);
        }
        parts.Add(BodyPart.Of(Ascii($"\r\n--{boundary}--\r\n")));
        response.Headers.Remove(KnownHeader.ContentRange);
        response.ContentType = Ascii($"multipart/byteranges; boundary={boundary}");
        response.ContentLength = parts.Sum(p => p.Length);
    }

    // Adds what a range has of the body; each part of a file is one more use of it.
    private static void Slice(IReadOnlyList<BodyPart> body, (long Start, long End) range, List<BodyPart> parts)
    {
        var position = 0L;
        foreach (var part in body)
        {
            var (start, end) = (Math.Max(range.Start, position), Math.Min(range.End, position + part.Length));
            if (start < end)
            {
                part.File?.Use();
                parts.Add(part.Slice(start - position, end - start));
            }
            position += part.Length;
        }
    }

    private static byte[] Ascii(DefaultInterpolatedStringHandler text) => Latin1.Bytes(text.ToStringAndClear());
}
