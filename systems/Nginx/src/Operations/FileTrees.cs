namespace Microcosm.Nginx;

/// <summary>Folders with all that is in them. What fails on the way is logged, and the rest is done.</summary>
internal static class FileTrees
{
    /// <summary>Deletes; false: it could not be, and the request is answered.</summary>
    public static bool TryDelete(HttpRequest request, byte[] path, bool isFolder)
    {
        if (isFolder)
            Empty(request, path);
        var errno = isFolder ? FileChanges.RemoveFolder(path) : FileChanges.Delete(path);
        if (errno == 0)
            return true;
        DavContent.Fail(request, errno, 404, isFolder ? "rmdir" : "unlink", path);
        return false;
    }

    /// <summary>Copies what is in a folder to another, which is there. False: the folder cannot be read.</summary>
    public static bool TryCopy(HttpRequest request, byte[] from, byte[] to)
    {
        if (StaticFiles.List(from, out _, isHiddenToo: true) is not { } names)
            return false;
        var isWhole = true;
        foreach (var name in names)
        {
            byte[] source = [.. from, (byte)'/', .. name];
            byte[] target = [.. to, (byte)'/', .. name];
            var facts = StaticFiles.LookAtLink(source);
            if (facts.IsFolder)
            {
                Log(request, "mkdir", target, FileChanges.MakeFolder(target, facts.Access));
                isWhole &= TryCopy(request, source, target);
                FileChanges.SetTime(target, facts.ModifiedSeconds);
            }
            else if (facts.IsFile)
            {
                Log(request, "open", target, FileChanges.Copy(source, target, facts));
            }
        }
        return isWhole;
    }

    private static void Empty(HttpRequest request, byte[] folder)
    {
        foreach (var name in StaticFiles.List(folder, out _, isHiddenToo: true) ?? [])
        {
            byte[] path = [.. folder, (byte)'/', .. name];
            if (StaticFiles.LookAtLink(path).IsFolder)
            {
                Empty(request, path);
                Log(request, "rmdir", path, FileChanges.RemoveFolder(path));
            }
            else
            {
                Log(request, "unlink", path, FileChanges.Delete(path));
            }
        }
    }

    private static void Log(HttpRequest request, string call, byte[] path, int errno)
    {
        if (errno != 0)
            request.LogError(LogLevel.Error, FileCalls.Failure(call, path, errno));
    }
}
