using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>COPY and MOVE (ngx_http_dav_copy_move_handler).</summary>
internal static class DavCopy
{
    public static void Answer(HttpRequest request)
    {
        if (FindDestination(request) is not { } destination)
            return;
        var isFolder = request.Uri is [.., (byte)'/'];
        if (isFolder != destination is [.., (byte)'/'])
        {
            DavContent.Refuse(request, 409, $"both URI \"{Latin1.Text(request.Uri)}\" and \"Destination\" URI \"{Field(request)}\" "
                + "should be either collections or non-collections");
            return;
        }
        var depth = DavContent.Depth(request, -1);
        if (depth != -1 && (request.Method == HttpMethod.Move || depth != 0))
        {
            DavContent.Refuse(request, 400,
                $"\"Depth\" header must be {(request.Method == HttpMethod.Copy ? "0 or infinity" : "infinity")}");
            return;
        }
        if (Overwrites(request) is not { } overwrites)
            return;
        var (from, to) = (MergeSlashes(FilePath.Of(request)), MergeSlashes(FilePath.Of(request, destination)));
        if (isFolder)
            (from, to) = (from[..^1], to[..^1]);
        if (IsSamePlace(request, from, to, isFolder))
            return;
        if (IsBlocked(request, to, isFolder, ref overwrites, out var isFolderThere))
            return;
        var facts = StaticFiles.LookAtLink(isFolder ? [.. from, (byte)'/'] : from);
        if (!facts.Exists)
            DavContent.Fail(request, facts.Errno, 404, "lstat", from);
        else if (facts.IsFolder && !isFolder)
            DavContent.Refuse(request, 400, $"\"{Latin1.Text(request.Uri)}\" is collection");
        else if (!facts.IsFolder)
            TransferFile(request, from, to, facts);
        else if (!overwrites || FileTrees.TryDelete(request, to, isFolderThere))
            TransferFolder(request, from, to, facts);
    }

    // What the request is to do there, or null where it is refused.
    private static byte[]? FindDestination(HttpRequest request)
    {
        var at = request.Exchange.RequestHeaders.IndexOf(KnownHeader.Destination);
        if (at < 0)
        {
            DavContent.Refuse(request, 400, "client sent no \"Destination\" header");
            return null;
        }
        var value = request.Exchange.RequestHeaders[at].Value;
        if (value is not [(byte)'/', ..])
        {
            if (request.Host.Length == 0)
            {
                DavContent.Refuse(request, 400, "client sent no \"Host\" header");
                return null;
            }
            var scheme = request.Listen.Options.IsTls ? "https://"u8 : "http://"u8;
            var rest = value.StartsWith(scheme) ? value[scheme.Length..] : default;
            if (!rest.IsEmpty && !rest.StartsWith(request.Host))
            {
                DavContent.Refuse(request, 400,
                    $"\"Destination\" URI \"{Field(request)}\" is handled by different repository than the source URI");
                return null;
            }
            var slash = rest.IsEmpty ? -1 : rest[request.Host.Length..].IndexOf((byte)'/');
            value = slash < 0 ? default : rest[(request.Host.Length + slash)..];
        }
        var root = request.Level.Get(HttpCoreModule.Root);
        if (UnsafeUri.TryParse(value, out var uri, out _) && !(root?.Replaced is { } replaced && uri.Length < replaced.Length))
            return uri;
        DavContent.Refuse(request, 400, $"client sent invalid \"Destination\" header: \"{Field(request)}\"");
        return null;
    }

    private static string Field(HttpRequest request) => Latin1.Text(request.Exchange.RequestHeaders[KnownHeader.Destination]);

    private static bool? Overwrites(HttpRequest request)
    {
        var at = request.Exchange.RequestHeaders.IndexOf(KnownHeader.Overwrite);
        if (at < 0)
            return true;
        var value = request.Exchange.RequestHeaders[at].Value;
        if (value is [(byte)'T'] or [(byte)'t'])
            return true;
        if (value is [(byte)'F'] or [(byte)'f'])
            return false;
        DavContent.Refuse(request, 400, $"client sent invalid \"Overwrite\" header: \"{Latin1.Text(value)}\"");
        return null;
    }

    private static byte[] MergeSlashes(byte[] path)
    {
        var merged = new List<byte>(path.Length);
        foreach (var b in path)
        {
            if (b != '/' || merged.Count == 0 || merged[^1] != '/')
                merged.Add(b);
        }
        return [.. merged];
    }

    // A folder can be put neither in its own place, nor below or above itself.
    private static bool IsSamePlace(HttpRequest request, byte[] from, byte[] to, bool isFolder)
    {
        if (from.AsSpan().SequenceEqual(to))
        {
            DavContent.Refuse(request, 403, $"both URI \"{Latin1.Text(request.Uri)}\" and \"Destination\" URI \"{Field(request)}\" "
                + "point to the same location");
            return true;
        }
        var (shorter, longer) = from.Length < to.Length ? (from, to) : (to, from);
        if (!isFolder || !longer.AsSpan().StartsWith(shorter) || longer.Length == shorter.Length || longer[shorter.Length] != '/')
            return false;
        DavContent.Refuse(request, 403, NotToCollection(request));
        return true;
    }

    private static string NotToCollection(HttpRequest request) => $"\"{Latin1.Text(request.Uri)}\" could not be "
        + $"{Latin1.Text(request.MethodName)}ed to collection \"{Field(request)}\"";

    // What is there already may be in the way.
    private static bool IsBlocked(HttpRequest request, byte[] to, bool isFolder, ref bool overwrites, out bool isFolderThere)
    {
        var facts = StaticFiles.LookAtLink(to);
        isFolderThere = facts.IsFolder;
        if (!facts.Exists)
        {
            overwrites = false;
            if (facts.Errno == FileFacts.NotFound)
                return false;
            DavContent.Fail(request, facts.Errno, 404, "lstat", to);
            return true;
        }
        if (facts.IsFolder && !isFolder)
        {
            DavContent.Refuse(request, 409, NotToCollection(request));
            return true;
        }
        if (overwrites)
            return false;
        DavContent.Refuse(request, 412, $"\"{Latin1.Text(to)}\" could not be created (17: {ProgramMachine.TextOf(17)})");
        return true;
    }

    private static void TransferFile(HttpRequest request, byte[] from, byte[] to, FileFacts facts)
    {
        if (request.Method == HttpMethod.Move)
        {
            var access = request.Level.Get(ContentModules.DavAccess);
            Answers.Finish(request, DavContent.TryRename(request, from, to, access, makesFolders: true) ? 204 : 500);
            return;
        }
        var errno = FileChanges.Copy(from, to, facts);
        if (errno != 0)
            request.LogError(LogLevel.Crit, FileCalls.Failure("open", to, errno));
        Answers.Finish(request, errno == 0 ? 204 : 500);
    }

    private static void TransferFolder(HttpRequest request, byte[] from, byte[] to, FileFacts facts)
    {
        if (request.Method == HttpMethod.Move && FileChanges.Rename(from, to) == 0)
        {
            Answers.Finish(request, 201);
            return;
        }
        if (FileChanges.MakeFolder(to, facts.Access) is not 0 and var errno)
            DavContent.Fail(request, errno, 404, "mkdir", to);
        else if (!FileTrees.TryCopy(request, from, to))
            Answers.Finish(request, 500);
        else if (request.Method == HttpMethod.Copy || FileTrees.TryDelete(request, from, isFolder: true))
            Answers.Finish(request, 201);
    }
}
