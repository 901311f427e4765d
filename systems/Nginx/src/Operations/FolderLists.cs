using System.Buffers;
using System.Globalization;
using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>Lists of folders for programs (ngx_http_autoindex_json, ngx_http_autoindex_xml).</summary>
internal static class FolderLists
{
    /// <param name="callback">A function that is called with the list; null for none.</param>
    public static void WriteJson(IReadOnlyList<FolderEntry> entries, byte[]? callback, IBufferWriter<byte> output)
    {
        if (callback is not null)
        {
            output.Write("/* callback */\r\n"u8);
            output.Write(callback);
            output.Write("("u8);
        }
        output.Write("["u8);
        Span<byte> date = stackalloc byte[29];
        for (var i = 0; i < entries.Count; i++)
        {
            var (name, facts) = entries[i];
            output.Write(i > 0 ? ",\r\n{ \"name\":\""u8 : "\r\n{ \"name\":\""u8);
            LogText.Write(isFound: true, name, output, LogEscape.Json);
            output.Write("\", \"type\":\""u8);
            output.Write(KindOf(facts));
            output.Write("\", \"mtime\":\""u8);
            DateCache.Write(DateTimeOffset.FromUnixTimeSeconds(facts.ModifiedSeconds), date);
            output.Write(date);
            output.Write(facts.IsFile ? Latin1.Bytes(FormattableString.Invariant($"\", \"size\":{facts.Length} }}")) : "\" }"u8);
        }
        output.Write("\r\n]"u8);
        if (callback is not null)
            output.Write(");"u8);
    }

    public static void WriteXml(IReadOnlyList<FolderEntry> entries, IBufferWriter<byte> output)
    {
        output.Write("<?xml version=\"1.0\"?>\r\n<list>\r\n"u8);
        foreach (var (name, facts) in entries)
        {
            var time = DateTimeOffset.FromUnixTimeSeconds(facts.ModifiedSeconds)
                .ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
            output.Write("<"u8);
            output.Write(KindOf(facts));
            output.Write(Latin1.Bytes($" mtime=\"{time}"));
            if (facts.IsFile)
                output.Write(Latin1.Bytes(FormattableString.Invariant($"\" size=\"{facts.Length}")));
            output.Write("\">"u8);
            HtmlEscape.Write(name, output);
            output.Write("</"u8);
            output.Write(KindOf(facts));
            output.Write(">\r\n"u8);
        }
        output.Write("</list>\r\n"u8);
    }

    private static ReadOnlySpan<byte> KindOf(FileFacts facts) => facts.IsFolder ? "directory"u8 : facts.IsFile ? "file"u8 : "other"u8;
}
