using System.Globalization;
using System.Text;
using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>Ranges of a body whose length is known (nginx: ngx_http_range_filter; RFC 9110 section 14).</summary>
internal static class Ranges
{
    private static readonly byte[] BytesUnit = "bytes"u8.ToArray();

    /// <summary>The body's part that was asked for, or the whole.</summary>
    public static IReadOnlyList<BodyPart> Apply(HttpRequest request, IReadOnlyList<BodyPart> body)
    {
        var (response, headers) = (request.Response, request.Exchange.RequestHeaders);
        if (!response.AllowsRanges || response.Status != 200 || response.ContentLength < 0 || body.Count != 1)
            return body;
        var max = request.Level.Get(HttpCoreModule.MaxRanges);
        if (max == 0)
            return body;
        var at = headers.IndexOf(KnownHeader.Range);
        if (at < 0 || !IsWanted(response, headers) || Parse(headers[at].Value, response.ContentLength, max) is not { } ranges)
        {
            response.Headers.Add(KnownHeader.AcceptRanges, BytesUnit);
            return body;
        }
        if (ranges.Count == 0)
            return Unsatisfiable(request, body);
        response.Status = 206;
        return ranges.Count == 1 ? One(response, body[0], ranges[0]) : Many(request, body[0], ranges);
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

    private static IReadOnlyList<BodyPart> Unsatisfiable(HttpRequest request, IReadOnlyList<BodyPart> body)
    {
        var response = request.Response;
        foreach (var part in body)
            part.File?.Release();
        var length = response.ContentLength;
        var page = SpecialPages.Find(416, ServerToken.Shown(request.Level), isPadded: false)!;
        response.Clear();
        (response.Status, response.ContentType, response.ContentLength) = (416, "text/html"u8.ToArray(), page.Length);
        response.Headers.Add(KnownHeader.ContentRange, Ascii($"bytes */{length}"));
        return [BodyPart.Of(page)];
    }

    private static IReadOnlyList<BodyPart> One(Response response, BodyPart body, (long Start, long End) range)
    {
        response.Headers.Add(KnownHeader.ContentRange, Ascii($"bytes {range.Start}-{range.End - 1}/{response.ContentLength}"));
        response.ContentLength = range.End - range.Start;
        return [body.Slice(range.Start, range.End - range.Start)];
    }

    private static List<BodyPart> Many(HttpRequest request, BodyPart body, List<(long Start, long End)> ranges)
    {
        var response = request.Response;
        var boundary = request.Worker.NextBoundary().ToString("D20", CultureInfo.InvariantCulture);
        var type = response.ContentType is { } given ? $"\r\nContent-Type: {Latin1.Text(given)}" : "";
        var parts = new List<BodyPart>();
        foreach (var (start, end) in ranges)
        {
            parts.Add(BodyPart.Of(Ascii(
                $"\r\n--{boundary}{type}\r\nContent-Range: bytes {start}-{end - 1}/{response.ContentLength}\r\n\r\n")));
            body.File?.Use();
            parts.Add(body.Slice(start, end - start));
        }
        body.File?.Release();
        parts.Add(BodyPart.Of(Ascii($"\r\n--{boundary}--\r\n")));
        response.ContentType = Ascii($"multipart/byteranges; boundary={boundary}");
        response.ContentLength = parts.Sum(p => p.Length);
        return parts;
    }

    private static byte[] Ascii(FormattableString text) => Latin1.Bytes(FormattableString.Invariant(text));
}
