using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>Files (ngx_http_static_module).</summary>
internal static class StaticContent
{
    public static void Answer(HttpRequest request)
    {
        if (request.Method is not (HttpMethod.Get or HttpMethod.Head or HttpMethod.Post))
        {
            Answers.Finish(request, 405);
            return;
        }
        var path = FilePath.Of(request);
        var facts = StaticFiles.Look(path);
        if (!facts.Exists)
        {
            Fail(request, path, facts.Errno);
            return;
        }
        if (facts.IsFolder)
        {
            Answers.Redirect(request, 301, request.Arguments.IsEmpty ? [.. request.Uri, (byte)'/']
                : [.. request.Uri, (byte)'/', (byte)'?', .. request.Arguments]);
            return;
        }
        if (request.Method == HttpMethod.Post)
        {
            Answers.Finish(request, 405);
            return;
        }
        if (StaticFiles.Open(path, out var errno) is not { } file)
        {
            Fail(request, path, errno);
            return;
        }
        Content.DiscardBodyThen(request, () =>
        {
            var response = request.Response;
            (response.Status, response.ContentLength, response.LastModified) = (200, facts.Length, facts.ModifiedSeconds);
            response.ContentType = MimeType.Of(request);
            if (request.Level.Get(HttpCoreModule.ETag))
                response.ETag = Latin1.Bytes(FormattableString.Invariant($"\"{facts.ModifiedSeconds:x}-{facts.Length:x}\""));
            response.AllowsRanges = true;
            if (facts.Length > 0)
            {
                Sending.Send(request, [BodyPart.Of(file, 0, facts.Length)]);
                return;
            }
            file.Release();
            Sending.Send(request, []);
        });
    }

    /// <summary>A file cannot be had.</summary>
    public static void Fail(HttpRequest request, ReadOnlySpan<byte> path, int errno, string call = "open")
    {
        var status = errno switch
        {
            FileFacts.NotFound or FileFacts.NotAFolder or FileFacts.NameTooLong => 404,
            FileFacts.NoAccess => 403,
            _ => 500,
        };
        if (status != 404 || request.Level.Get(HttpCoreModule.LogNotFound))
        {
            request.LogError(status == 500 ? LogLevel.Crit : LogLevel.Error,
                FormattableString.Invariant($"{call}() \"{Latin1.Text(path)}\" failed ({errno}: {ProgramMachine.TextOf(errno)})"));
        }
        Answers.Finish(request, status);
    }
}
