using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>Folders (ngx_http_index_module): the first of the names that is there answers in the folder's place.</summary>
internal static class IndexContent
{
    public static void Answer(HttpRequest request)
    {
        if (request.Method is not (HttpMethod.Get or HttpMethod.Head or HttpMethod.Post))
        {
            Answers.Finish(request, 405);
            return;
        }
        foreach (var index in request.Level.Get(IndexModules.Index))
        {
            var name = index.Evaluate(request.Values);
            if (name.Span is [(byte)'/', ..])
            {
                Phases.RedirectInternally(request, name.Span, request.Arguments);
                return;
            }
            byte[] uri = [.. request.Uri, .. name.Span];
            var facts = StaticFiles.Look(FilePath.Of(request, uri));
            if (facts.IsFile)
            {
                Phases.RedirectInternally(request, uri, request.Arguments);
                return;
            }
            if (facts.Errno is not (0 or FileFacts.NotFound or FileFacts.NotAFolder or FileFacts.NameTooLong))
            {
                StaticContent.Fail(request, FilePath.Of(request, uri), facts.Errno);
                return;
            }
        }
        var folder = FilePath.Of(request);
        var there = StaticFiles.Look(folder);
        if (!there.Exists)
        {
            var index = request.Level.Get(IndexModules.Index)[^1].Evaluate(request.Values);
            StaticContent.Fail(request, [.. folder, .. index.Span], there.Errno);
            return;
        }
        request.LogError(LogLevel.Error, $"directory index of \"{Latin1.Text(folder)}\" is forbidden");
        Answers.Finish(request, 403);
    }
}
