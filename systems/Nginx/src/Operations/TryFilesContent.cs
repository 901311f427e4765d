namespace Microcosm.Nginx;

/// <summary><c>try_files</c>: the first path that is there becomes the request's; the last word is what else is done.</summary>
internal static class TryFilesContent
{
    /// <summary>True where the request was answered, or goes on elsewhere.</summary>
    public static bool TryAnswer(HttpRequest request)
    {
        if (request.Level.Get(ContentModules.TryFiles) is not { } files)
            return false;
        foreach (var (path, isFolder) in files.Paths)
        {
            var uri = path.Evaluate(request.Values).ToArray();
            var root = request.Level.Get(HttpCoreModule.Root);
            // Under an alias a path is what stands behind the name that it replaces.
            if (root is { IsAlias: true, Replaced: { } replaced } && !uri.AsSpan().StartsWith(replaced))
                uri = [.. replaced, .. uri];
            var isWhole = root is { IsAlias: true, Replaced: null };
            byte[] full = isWhole ? [.. FilePath.Of(request), .. uri] : FilePath.Of(request, uri);
            var facts = request.Worker.Files.Look(request, full);
            if (!facts.Exists && !FileFacts.IsMissing(facts.Errno))
                request.LogError(LogLevel.Crit, FileCalls.Failure("stat", full, facts.Errno));
            if (!facts.Exists || facts.IsFolder != isFolder)
                continue;
            if (isWhole && isFolder)
                return false;
            request.SetUri(uri, request.Arguments);
            (request.IsUriChanged, request.AddsUriToAlias) = (true, isWhole);
            return false;
        }
        if (files.Fallback is not { } fallback)
        {
            Answers.Finish(request, files.Code);
            return true;
        }
        var target = fallback.Evaluate(request.Values).ToArray();
        if (target is [(byte)'@', ..])
        {
            Answers.RunNamed(request, target);
            return true;
        }
        var question = Array.IndexOf(target, (byte)'?');
        if (question < 0)
            Phases.RedirectInternally(request, target, default);
        else
            Phases.RedirectInternally(request, target.AsSpan(0, question), target.AsSpan(question + 1));
        return true;
    }
}
