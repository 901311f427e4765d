using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>Files (ngx_http_static_module), and their compressed neighbours (ngx_http_gzip_static_module; brotli_static).</summary>
internal static class StaticContent
{
    private static readonly byte[] s_brotli = "br"u8.ToArray();
    private static readonly byte[] s_gzip = "gzip"u8.ToArray();

    public static void Answer(HttpRequest request)
    {
        if (request.Method is not (HttpMethod.Get or HttpMethod.Head or HttpMethod.Post))
        {
            Answers.Finish(request, 405);
            return;
        }
        var path = FilePath.Of(request);
        if (request.Method != HttpMethod.Post
            && (TryAnswerCompressed(request, path, ".br"u8, s_brotli, BrotliModules.Static, GzipWish.TakesBrotli)
                || TryAnswerCompressed(request, path, ".gz"u8, s_gzip, GzipModules.GzipStatic, GzipWish.IsWanted)))
            return;
        if (request.Worker.Files.Open(request, path, out var facts) is { } file)
            AnswerFile(request, path, file, facts);
        else if (facts.IsFolder)
            Answers.RedirectToFolder(request);
        else
            Fail(request, path, facts.Errno);
    }

    /// <summary>A file cannot be had.</summary>
    public static void Fail(HttpRequest request, ReadOnlySpan<byte> path, int errno, string call = "open")
    {
        var status = errno switch
        {
            FileFacts.NotFound or FileFacts.NotAFolder or FileFacts.NameTooLong => 404,
            FileFacts.NoAccess or FileFacts.TooManyLinks => 403,
            _ => 500,
        };
        if (status != 404 || request.Level.Get(HttpCoreModule.LogNotFound))
        {
            if (call == "open" && request.Level.Get(HttpCoreModule.DisableSymlinks).Check != SymlinkCheck.Off)
                call = "openat";
            request.LogError(status == 500 ? LogLevel.Crit : LogLevel.Error, FileCalls.Failure(call, path, errno));
        }
        Answers.Finish(request, status);
    }

    private static void AnswerFile(HttpRequest request, byte[] path, OpenFile file, FileFacts facts)
    {
        if (!facts.IsFile)
        {
            file.Release();
            request.LogError(LogLevel.Crit, $"\"{Latin1.Text(path)}\" is not a regular file");
            Answers.Finish(request, 404);
        }
        else if (request.Method == HttpMethod.Post)
        {
            file.Release();
            Answers.Finish(request, 405);
        }
        else
        {
            Send(request, file, facts, []);
        }
    }

    // False: there is none, or this client does not take it.
    private static bool TryAnswerCompressed(HttpRequest request, byte[] path, ReadOnlySpan<byte> suffix, byte[] coding,
        Setting<GzipStatic> setting, Func<HttpRequest, bool> takes)
    {
        var how = request.Level.Get(setting);
        if (how == GzipStatic.Off)
            return false;
        var isWanted = how == GzipStatic.Always || takes(request);
        // With gzip_vary it has to be known whether there is one.
        if (!isWanted && !request.Level.Get(GzipModules.GzipVary))
            return false;
        path = [.. path, .. suffix];
        if (request.Worker.Files.Open(request, path, out var facts) is not { } file)
        {
            if (!facts.Exists && !FileFacts.IsMissing(facts.Errno))
            {
                var isRefused = facts.Errno is FileFacts.NoAccess or FileFacts.TooManyLinks;
                request.LogError(isRefused ? LogLevel.Error : LogLevel.Crit, FileCalls.Failure("open", path, facts.Errno));
            }
            return false;
        }
        request.Response.VariesByEncoding |= how == GzipStatic.On;
        if (!isWanted)
        {
            file.Release();
            return false;
        }
        if (facts.IsFile)
        {
            Send(request, file, facts, coding);
            return true;
        }
        file.Release();
        request.LogError(LogLevel.Crit, $"\"{Latin1.Text(path)}\" is not a regular file");
        Answers.Finish(request, 404);
        return true;
    }

    private static void Send(HttpRequest request, OpenFile file, FileFacts facts, byte[] coding) =>
        Content.DiscardBodyThen(request, () =>
        {
            var response = request.Response;
            (response.Status, response.ContentLength, response.LastModified) = (200, facts.Length, facts.ModifiedSeconds);
            response.ContentType ??= MimeType.Of(request);
            if (request.Level.Get(HttpCoreModule.ETag))
                response.ETag = Latin1.Bytes(FormattableString.Invariant($"\"{facts.ModifiedSeconds:x}-{facts.Length:x}\""));
            if (coding.Length > 0)
                response.Headers.Add(KnownHeader.ContentEncoding, coding);
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
