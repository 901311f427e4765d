using System.Buffers;

namespace Microcosm.Nginx;

/// <summary><c>autoindex</c>: what is in a folder (nginx: ngx_http_autoindex_module).</summary>
internal static class AutoIndexContent
{
    private const int CallbackBytesMax = 128;

    /// <summary>False: it is off.</summary>
    public static bool TryAnswer(HttpRequest request)
    {
        if (!request.Level.Get(IndexModules.AutoIndex))
            return false;
        Content.DiscardBodyThen(request, () => Answer(request));
        return true;
    }

    private static void Answer(HttpRequest request)
    {
        var format = request.Level.Get(IndexModules.AutoIndexFormat);
        byte[]? callback = null;
        if (format == AutoIndexFormat.Jsonp)
        {
            if (!TryReadCallback(request, out callback))
            {
                Answers.Finish(request, 400);
                return;
            }
            if (callback.Length == 0)
                (format, callback) = (AutoIndexFormat.Json, null);
        }
        var folder = FolderContent.PathOf(request);
        if (StaticFiles.List(folder, out var errno) is not { } names)
        {
            FolderContent.Fail(request, folder, errno);
            return;
        }
        var response = request.Response;
        response.Status = 200;
        (response.ContentType, response.Charset) = format switch
        {
            AutoIndexFormat.Json => ("application/json"u8.ToArray(), null),
            AutoIndexFormat.Jsonp => ("application/javascript"u8.ToArray(), null),
            AutoIndexFormat.Xml => ("text/xml"u8.ToArray(), "utf-8"),
            _ => ("text/html"u8.ToArray(), default(string)),
        };
        if (Sending.Begin(request) is not { } sending)
            return;
        var entries = Look(request, folder, names);
        var output = new ArrayBufferWriter<byte>(4096);
        switch (format)
        {
            case AutoIndexFormat.Json or AutoIndexFormat.Jsonp:
                FolderLists.WriteJson(entries, callback, output);
                break;
            case AutoIndexFormat.Xml:
                FolderLists.WriteXml(entries, output);
                break;
            default:
                new FolderPage(request).Write(entries, output);
                break;
        }
        sending.Write(output.WrittenSpan);
        sending.End();
    }

    // A folder's entries: folders first, then by the bytes of their names.
    private static List<FolderEntry> Look(HttpRequest request, byte[] folder, List<byte[]> names)
    {
        var entries = new List<FolderEntry>(names.Count);
        foreach (var name in names)
        {
            byte[] path = [.. folder, (byte)'/', .. name];
            var facts = StaticFiles.Look(path);
            // A link to nothing is shown as itself.
            if (facts.Errno is FileFacts.NotFound or FileFacts.TooManyLinks)
                facts = StaticFiles.LookAtLink(path);
            if (facts.Exists)
            {
                entries.Add(new FolderEntry(name, facts));
                continue;
            }
            request.LogError(LogLevel.Crit, FileCalls.Failure("stat", path, facts.Errno));
        }
        entries.Sort((a, b) => a.Facts.IsFolder != b.Facts.IsFolder
            ? (a.Facts.IsFolder ? -1 : 1) : a.Name.AsSpan().SequenceCompareTo(b.Name));
        return entries;
    }

    private static bool TryReadCallback(HttpRequest request, out byte[] callback)
    {
        callback = [];
        if (!Arguments.TryFind(request.Arguments, "callback"u8, out var value))
            return true;
        callback = value.ToArray();
        if (value.Length > CallbackBytesMax)
        {
            request.LogError(LogLevel.Info, $"client sent too long callback name: \"{Latin1.Text(value)}\"");
            return false;
        }
        foreach (var b in value)
        {
            if (char.IsAsciiLetterOrDigit((char)b) || b is (byte)'_' or (byte)'.')
                continue;
            request.LogError(LogLevel.Info, $"client sent invalid callback name: \"{Latin1.Text(value)}\"");
            return false;
        }
        return true;
    }
}
