namespace Microcosm.Nginx;

/// <summary><c>random_index</c>: one of a folder's files, drawn by lot (nginx: ngx_http_random_index_module).</summary>
internal static class RandomIndexContent
{
    /// <summary>False: it is off, or there is no file.</summary>
    public static bool TryAnswer(HttpRequest request)
    {
        if (!request.Level.Get(IndexModules.RandomIndex))
            return false;
        var folder = FolderContent.PathOf(request);
        if (StaticFiles.List(folder, out var errno) is not { } names)
        {
            FolderContent.Fail(request, folder, errno);
            return true;
        }
        names.RemoveAll(name => !StaticFiles.Look([.. folder, (byte)'/', .. name]).IsFile);
        if (names.Count == 0)
            return false;
        // By name first: the order that a file system gives is not the same everywhere.
        names.Sort((a, b) => a.AsSpan().SequenceCompareTo(b));
        Phases.RedirectInternally(request, [.. request.Uri, .. names[request.Worker.Draw(names.Count)]], request.Arguments);
        return true;
    }
}
