using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>Folders: a file that is drawn by lot, an index, a list, or a refusal, in nginx' order.</summary>
internal static class FolderContent
{
    public static void Answer(HttpRequest request)
    {
        if (request.Method is HttpMethod.Get or HttpMethod.Head or HttpMethod.Post)
        {
            if (RandomIndexContent.TryAnswer(request) || IndexContent.TryAnswer(request))
                return;
            if (request.Method != HttpMethod.Post && AutoIndexContent.TryAnswer(request))
                return;
            request.LogError(LogLevel.Error, $"directory index of \"{Latin1.Text(FilePath.Of(request))}\" is forbidden");
            Answers.Finish(request, 403);
            return;
        }
        Answers.Finish(request, 405);
    }

    /// <summary>A folder cannot be read.</summary>
    public static void Fail(HttpRequest request, ReadOnlySpan<byte> path, int errno)
    {
        var status = FileFacts.IsMissing(errno) ? 404 : errno == FileFacts.NoAccess ? 403 : 500;
        request.LogError(status == 500 ? LogLevel.Crit : LogLevel.Error, FileCalls.Failure("opendir", path, errno));
        Answers.Finish(request, status);
    }

    /// <summary>The path of the request's folder, without the slash at its end.</summary>
    public static byte[] PathOf(HttpRequest request)
    {
        var path = FilePath.Of(request);
        return path.Length > 1 && path[^1] == '/' ? path[..^1] : path;
    }
}
