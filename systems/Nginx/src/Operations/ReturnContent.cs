namespace Microcosm.Nginx;

/// <summary><c>return</c>.</summary>
internal static class ReturnContent
{
    public static void Answer(HttpRequest request, int status, ReadOnlyMemory<byte>? text)
    {
        var isRedirect = status is 301 or 302 or 303 or 307 or 308;
        if (isRedirect && text is { } url)
        {
            Answers.Redirect(request, status, url.ToArray());
            return;
        }
        // Without a text, a status that has a page of its own gets that.
        if (text is not { } body)
        {
            if (status is >= 300 and < 600 and not 304)
            {
                Answers.Finish(request, status);
                return;
            }
            body = default;
        }
        if (status >= 300)
            request.ErrorStatus = 0;
        Content.DiscardBodyThen(request, () =>
        {
            var response = request.Response;
            (response.Status, response.ContentLength) = (status, body.Length);
            if (status != 204)
                response.ContentType ??= MimeType.Of(request);
            Sending.Send(request, body.Length > 0 ? [BodyPart.Of(body)] : []);
        });
    }
}
