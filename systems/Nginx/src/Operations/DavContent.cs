using System.Text;
using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary><c>dav_methods</c>: files are put, deleted, copied and moved (nginx: ngx_http_dav_module; RFC 4918).</summary>
internal static class DavContent
{
    // Places of the words of dav_methods.
    private const long Put = 1 << 1;
    private const long Delete = 1 << 2;
    private const long MkCol = 1 << 3;
    private const long Copy = 1 << 4;
    private const long Move = 1 << 5;

    /// <summary>False: the method is none that this location takes.</summary>
    public static bool TryAnswer(HttpRequest request)
    {
        var bit = request.Method switch
        {
            HttpMethod.Put => Put,
            HttpMethod.Delete => Delete,
            HttpMethod.MkCol => MkCol,
            HttpMethod.Copy => Copy,
            HttpMethod.Move => Move,
            _ => 0,
        };
        if ((request.Level.Get(ContentModules.DavMethods) & bit) == 0)
            return false;
        if (bit == Put)
            AnswerPut(request);
        else if (request.Exchange.HasBody)
            Refuse(request, 415, $"{(bit is Copy or Move ? "COPY and MOVE with body are" : $"{Name(request)} with body is")} unsupported");
        else if (bit == Delete)
            AnswerDelete(request);
        else if (bit == MkCol)
            AnswerMkCol(request);
        else
            DavCopy.Answer(request);
        return true;
    }

    /// <summary>Answers with an error, which is logged.</summary>
    public static void Refuse(HttpRequest request, int status, string why)
    {
        request.LogError(LogLevel.Error, why);
        Answers.Finish(request, status);
    }

    /// <summary>A system call failed.</summary>
    /// <param name="missing">Status for a path that is not there.</param>
    public static void Fail(HttpRequest request, int errno, int missing, string call, byte[] path)
    {
        var status = errno switch
        {
            FileFacts.NotFound or FileFacts.NotAFolder or FileFacts.NameTooLong => missing,
            FileFacts.NoAccess or FileFacts.NotPermitted => 403,
            FileFacts.IsThere => 405,
            FileFacts.NoSpace => 507,
            _ => 500,
        };
        request.LogError(status is 500 or 507 ? LogLevel.Crit : LogLevel.Error, FileCalls.Failure(call, path, errno));
        Answers.Finish(request, status);
    }

    /// <summary>The Depth field: 0, 1, -1 for infinity, -2 for another, which is logged.</summary>
    public static int Depth(HttpRequest request, int usual)
    {
        var at = request.Exchange.RequestHeaders.IndexOf(KnownHeader.Depth);
        if (at < 0)
            return usual;
        var value = request.Exchange.RequestHeaders[at].Value;
        if (value.SequenceEqual("0"u8))
            return 0;
        if (value.SequenceEqual("1"u8))
            return 1;
        if (value.SequenceEqual("infinity"u8))
            return -1;
        request.LogError(LogLevel.Error, $"client sent invalid \"Depth\" header: \"{Latin1.Text(value)}\"");
        return -2;
    }

    private static string Name(HttpRequest request) => Latin1.Text(request.MethodName);

    private static void AnswerPut(HttpRequest request)
    {
        if (request.Uri is [.., (byte)'/'])
            Refuse(request, 409, "cannot PUT to a collection");
        else if (request.Exchange.RequestHeaders.Contains(KnownHeader.ContentRange))
            Refuse(request, 501, "PUT with range is unsupported");
        else if (!request.Exchange.HasBody && !request.Exchange.RequestHeaders.Contains(KnownHeader.ContentLength))
            Refuse(request, 500, "PUT request body must be in a file");
        else
            RequestBody.ReadThen(request, () => Store(request));
    }

    private static void Store(HttpRequest request)
    {
        var path = FilePath.Of(request);
        var facts = StaticFiles.Look(path);
        if (facts.IsFolder)
        {
            Refuse(request, 409, $"\"{Latin1.Text(path)}\" could not be created (21: {ProgramMachine.TextOf(21)})");
            return;
        }
        var made = default(TempFile);
        try
        {
            var file = request.Body?.File
                ?? (made = request.Worker.TempFiles.Create(request.Level.Get(HttpCoreModule.ClientBodyTempPath)!));
            if (made is not null && request.Body is { } body)
                made.Append(body.Memory);
            if (!TryPlace(request, Encoding.UTF8.GetBytes(file.Path), path))
            {
                Answers.Finish(request, 500);
                return;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            request.LogError(LogLevel.Crit, $"a file for the request's body cannot be made: {e.Message}");
            Answers.Finish(request, 500);
            return;
        }
        finally
        {
            made?.Close();
        }
        var response = request.Response;
        (response.Status, response.ContentLength) = (facts.Exists ? 204 : 201, 0);
        if (!facts.Exists)
            response.Location = UriEscape.Path(request.Uri);
        Sending.Send(request, []);
    }

    // The temporary file becomes the one that was meant.
    private static bool TryPlace(HttpRequest request, byte[] temporary, byte[] path)
    {
        var access = request.Level.Get(ContentModules.DavAccess);
        if (FileChanges.SetAccess(temporary, access) is not 0 and var refused)
            return Complain(request, "chmod", temporary, refused);
        if (Conditions.Seconds(request.Exchange.RequestHeaders[KnownHeader.Date]) is { } time)
            FileChanges.SetTime(temporary, time);
        return TryRename(request, temporary, path, access, request.Level.Get(ContentModules.CreateFullPutPath));
    }

    /// <summary>Gives a file another name, on another disk if need be. False, and logged, where that fails.</summary>
    /// <param name="access">Of folders that are made.</param>
    public static bool TryRename(HttpRequest request, byte[] from, byte[] to, int access, bool makesFolders)
    {
        var errno = FileChanges.Rename(from, to);
        if (errno == FileFacts.NotFound && makesFolders)
        {
            // Who may read a folder may also search it.
            if (FileChanges.MakeFoldersOf(to, access | ((access & 0x124) >> 2)) is not 0 and var refused)
                return Complain(request, "mkdir", to, refused);
            errno = FileChanges.Rename(from, to);
        }
        if (errno == FileFacts.OtherDisk)
        {
            byte[] beside = [.. to, .. Latin1.Bytes(FormattableString.Invariant($".{request.Worker.NextBoundary():D10}"))];
            errno = FileChanges.Copy(from, beside, StaticFiles.Look(from));
            if (errno == 0)
                errno = FileChanges.Rename(beside, to);
            if (errno == 0)
                errno = FileChanges.Delete(from);
        }
        return errno == 0 || Complain(request, "rename", from, errno);
    }

    private static bool Complain(HttpRequest request, string call, byte[] path, int errno)
    {
        request.LogError(LogLevel.Crit, FileCalls.Failure(call, path, errno));
        return false;
    }

    private static void AnswerMkCol(HttpRequest request)
    {
        if (request.Uri is not [.., (byte)'/'])
        {
            Refuse(request, 409, "MKCOL can create a collection only");
            return;
        }
        var path = FilePath.Of(request)[..^1];
        var access = request.Level.Get(ContentModules.DavAccess);
        if (FileChanges.MakeFolder(path, access | ((access & 0x124) >> 2)) is not 0 and var errno)
        {
            Fail(request, errno, 409, "mkdir", path);
            return;
        }
        request.Response.Location = UriEscape.Path(request.Uri);
        Answers.Finish(request, 201);
    }

    private static void AnswerDelete(HttpRequest request)
    {
        var min = request.Level.Get(ContentModules.MinDeleteDepth);
        if (min > 0)
        {
            var names = request.Uri.TrimEnd((byte)'/');
            var depth = names.Count((byte)'/');
            if (depth < min)
            {
                Refuse(request, 409, $"insufficient URI depth:{request.Uri.Count((byte)'/')} to DELETE");
                return;
            }
        }
        var path = FilePath.Of(request);
        var facts = StaticFiles.LookAtLink(path);
        if (!facts.Exists)
        {
            Fail(request, facts.Errno, facts.Errno == FileFacts.NotAFolder ? 409 : 404, "lstat", path);
            return;
        }
        if (facts.IsFolder && request.Uri is not [.., (byte)'/'])
        {
            Refuse(request, 409, $"DELETE \"{Latin1.Text(path)}\" failed (21: {ProgramMachine.TextOf(21)})");
            return;
        }
        var wished = Depth(request, facts.IsFolder ? -1 : 0);
        if (facts.IsFolder ? wished != -1 : wished is not (0 or -1))
            Refuse(request, 400, $"\"Depth\" header must be {(facts.IsFolder ? "infinity" : "0 or infinity")}");
        else if (FileTrees.TryDelete(request, facts.IsFolder ? path[..^1] : path, facts.IsFolder))
            Answers.Finish(request, 204);
    }
}
