namespace Microcosm.Nginx;

/// <summary><c>index</c>: the first of the names that is there answers in the folder's place (nginx: ngx_http_index_module).</summary>
internal static class IndexContent
{
    /// <summary>False: there is a folder, and none of the names in it.</summary>
    public static bool TryAnswer(HttpRequest request)
    {
        var isFolderSeen = false;
        foreach (var index in request.Level.Get(IndexModules.Index))
        {
            var name = index.Evaluate(request.Values);
            if (name.Span is [(byte)'/', ..])
            {
                Phases.RedirectInternally(request, name.Span, request.Arguments);
                return true;
            }
            byte[] path = [.. FilePath.Of(request), .. name.Span];
            var facts = request.Worker.Files.Look(request, path);
            if (facts.Exists)
            {
                Phases.RedirectInternally(request, [.. request.Uri, .. name.Span], request.Arguments);
                return true;
            }
            if (Refuse(request, path, facts.Errno, ref isFolderSeen))
                return true;
        }
        return false;
    }

    // False: it is just not there.
    private static bool Refuse(HttpRequest request, byte[] path, int errno, ref bool isFolderSeen)
    {
        switch (errno)
        {
            case FileFacts.TooManyLinks:
                Answers.Finish(request, 403);
                return true;
            case FileFacts.NotAFolder or FileFacts.NameTooLong or FileFacts.NoAccess:
                Fail(request, path, errno);
                return true;
        }
        if (!isFolderSeen)
        {
            isFolderSeen = true;
            var folder = FolderContent.PathOf(request);
            var facts = request.Worker.Files.Look(request, folder);
            if (facts.Errno is not (0 or FileFacts.NoAccess) || (facts.Exists && !facts.IsFolder))
            {
                FailFolder(request, folder, path, facts);
                return true;
            }
        }
        if (errno == FileFacts.NotFound)
            return false;
        request.LogError(LogLevel.Crit, FileCalls.Failure("stat", path, errno));
        Answers.Finish(request, 500);
        return true;
    }

    private static void FailFolder(HttpRequest request, byte[] folder, byte[] path, FileFacts facts)
    {
        switch (facts.Errno)
        {
            case FileFacts.TooManyLinks:
                Answers.Finish(request, 403);
                break;
            case FileFacts.NotFound:
                Fail(request, path, FileFacts.NotFound);
                break;
            case 0:
                request.LogError(LogLevel.Alert, $"\"{Latin1.Text(folder)}\" is not a directory");
                Answers.Finish(request, 500);
                break;
            default:
                request.LogError(LogLevel.Crit, FileCalls.Failure("stat", folder, facts.Errno));
                Answers.Finish(request, 500);
                break;
        }
    }

    private static void Fail(HttpRequest request, byte[] path, int errno)
    {
        var isForbidden = errno == FileFacts.NoAccess;
        if (isForbidden || request.Level.Get(HttpCoreModule.LogNotFound))
        {
            request.LogError(LogLevel.Error, FormattableString.Invariant(
                $"\"{Latin1.Text(path)}\" is {(isForbidden ? "forbidden" : "not found")} ({errno}: {ProgramMachine.TextOf(errno)})"));
        }
        Answers.Finish(request, isForbidden ? 403 : 404);
    }
}
