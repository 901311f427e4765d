using System.Text;
using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>
/// Sends a response whose body is there as a whole: conditions, ranges and fields are seen to first (nginx' header filters, in their
/// order), then head and body leave as the client takes them.
/// </summary>
internal sealed class Sending
{
    private const int ReadBytes = 64 * 1024;

    private readonly HttpRequest _request;
    private readonly Queue<BodyPart> _parts = new();

    private Sending(HttpRequest request) => _request = request;

    /// <summary>Sends the response with this body.</summary>
    public static void Send(HttpRequest request, IReadOnlyList<BodyPart> body)
    {
        var response = request.Response;
        if (request.ErrorStatus != 0)
            (response.Status, request.ErrorStatus, response.LastModified) = (request.ErrorStatus, 0, null);
        if (!request.HasErrorPage && Conditions.Check(request) is var changed && changed != 0)
        {
            Release(body);
            if (changed == 304)
                body = Conditions.NotModified(response);
            else
            {
                Answers.Finish(request, changed);
                return;
            }
        }
        Fields.Add(request);
        body = Ranges.Apply(request, body);
        WriteHead(request);
        if (request.IsHead || response.Status is 204 or 304)
        {
            Release(body);
            End(request);
            return;
        }
        var sending = new Sending(request);
        foreach (var part in body)
            sending._parts.Enqueue(part);
        request.Worker.Begin(request, sending);
        sending.Drained();
    }

    /// <summary>The client takes more.</summary>
    public void Drained()
    {
        var exchange = _request.Exchange;
        while (_parts.TryPeek(out var part))
        {
            if (exchange.IsOver)
                break;
            if (exchange.IsBacklogged)
                return;
            _parts.Dequeue();
            if (part.File is { } file)
                exchange.WriteFile(file, part.Offset, part.Length);
            else
                exchange.Write(part.Bytes.Span);
        }
        Release(_parts);
        _parts.Clear();
        End(_request);
    }

    /// <summary>Writes the head in nginx' order.</summary>
    public static void WriteHead(HttpRequest request)
    {
        var (exchange, response) = (request.Exchange, request.Response);
        var headers = exchange.ResponseHeaders;
        request.IsAnswered = true;
        if (request.LoggedStatus == 0)
            request.LoggedStatus = response.Status;
        if (!response.Headers.Contains(KnownHeader.Server))
            headers.Add(KnownHeader.Server, Encoding.ASCII.GetBytes(ServerToken.Shown(request.Level)));
        if (!response.Headers.Contains(KnownHeader.Date))
            headers.Add(KnownHeader.Date, request.Worker.Http.Date.Now);
        if (response.ContentType is { } type)
            headers.Add(KnownHeader.ContentType, type);
        if (response.ContentLength >= 0 && response.Status is not (204 or 304))
            headers.Add(KnownHeader.ContentLength, response.ContentLength);
        if (response.LastModified is { } modified)
        {
            Span<byte> text = stackalloc byte[29];
            DateCache.Write(DateTimeOffset.FromUnixTimeSeconds(modified), text);
            headers.Add(KnownHeader.LastModified, text);
        }
        if (response.Location is { } location)
            headers.Add(KnownHeader.Location, Redirects.Absolute(request, location));
        exchange.FramingIndex = headers.Count;
        if (response.ETag is { } tag)
            headers.Add(KnownHeader.ETag, tag);
        for (var i = 0; i < response.Headers.Count; i++)
            headers.Add(response.Headers[i]);
        var length = request.IsHead || response.Status is 204 or 304 ? 0 : response.ContentLength;
        exchange.Respond(response.Status, request.IsHead && response.ContentLength < 0 ? -1 : length, StatusLines.Of(response.Status));
    }

    private static void End(HttpRequest request)
    {
        if (!request.Exchange.IsOver)
            request.Exchange.End();
    }

    private static void Release(IEnumerable<BodyPart> body)
    {
        foreach (var part in body)
            part.File?.Release();
    }
}
