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
            byte[] uri = [.. path.Evaluate(request.Values).Span];
            var root = request.Level.Get(HttpCoreModule.Root);
            var name = root is { IsAlias: true } && request.Location.Kind != LocationKind.Pattern
                ? Latin1.Bytes(request.Location.Name)
                : [];
            // Under an alias a path is what stands behind the location's name.
            var full = name.Length > 0 && uri.AsSpan().StartsWith(name) || name.Length == 0
                ? FilePath.Of(request, uri) : FilePath.Of(request, [.. name, .. uri]);
            var facts = request.Worker.Files.Look(request, full);
            if (!facts.Exists || facts.IsFolder != isFolder)
                continue;
            if (isFolder)
                uri = [.. uri, (byte)'/'];
            request.SetUri(name.Length > 0 && !uri.AsSpan().StartsWith(name) ? [.. name, .. uri] : uri, request.Arguments);
            request.IsUriChanged = true;
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
