using System.Buffers;
using System.Globalization;

namespace Microcosm.Nginx;

/// <summary>A page that lists a folder (ngx_http_autoindex_html), byte for byte as nginx has it.</summary>
internal sealed class FolderPage(HttpRequest request)
{
    private const int NameWidth = 50;
    private const int CutNameWidth = NameWidth - 3;
    private const long Kilo = 1024;
    private const long Mega = Kilo * Kilo;
    private const long Giga = Kilo * Mega;

    private readonly bool _isUtf8 = "utf-8".Equals(request.Response.Charset, StringComparison.OrdinalIgnoreCase);
    private readonly bool _isExact = request.Level.Get(IndexModules.AutoIndexExactSize);
    private readonly TimeSpan _offset = request.Level.Get(IndexModules.AutoIndexLocalTime)
        ? request.Worker.Http.Clock.GetLocalNow().Offset : TimeSpan.Zero;

    public void Write(IReadOnlyList<FolderEntry> entries, IBufferWriter<byte> output)
    {
        output.Write("<html>\r\n<head><title>Index of "u8);
        HtmlEscape.Write(request.Uri, output);
        output.Write("</title></head>\r\n<body>\r\n<h1>Index of "u8);
        HtmlEscape.Write(request.Uri, output);
        output.Write("</h1><hr><pre><a href=\"../\">../</a>\r\n"u8);
        foreach (var entry in entries)
            WriteLine(entry.Name, entry.Facts, output);
        output.Write("</pre><hr></body>\r\n</html>\r\n"u8);
    }

    private void WriteLine(byte[] name, FileFacts facts, IBufferWriter<byte> output)
    {
        output.Write("<a href=\""u8);
        UriEscape.Component(name, output);
        if (facts.IsFolder)
            output.Write("/"u8);
        output.Write("\">"u8);
        var width = _isUtf8 ? Utf8.Length(name) : name.Length;
        if (width > NameWidth)
        {
            HtmlEscape.Write(name.AsSpan(0, width == name.Length ? CutNameWidth : BytesOf(name, CutNameWidth)), output);
            output.Write("..&gt;</a>"u8);
        }
        else
        {
            HtmlEscape.Write(name, output);
            if (facts.IsFolder && width < NameWidth)
            {
                output.Write("/"u8);
                width++;
            }
            output.Write("</a>"u8);
            Pad(NameWidth - width, output);
        }
        var time = DateTimeOffset.FromUnixTimeSeconds(facts.ModifiedSeconds).ToOffset(_offset);
        output.Write(Latin1.Bytes(time.ToString(" dd-MMM-yyyy HH:mm ", CultureInfo.InvariantCulture)));
        output.Write(Latin1.Bytes(SizeOf(facts)));
        output.Write("\r\n"u8);
    }

    private string SizeOf(FileFacts facts)
    {
        if (facts.IsFolder)
            return "-".PadLeft(_isExact ? 19 : 7);
        if (_isExact)
            return facts.Length.ToString(CultureInfo.InvariantCulture).PadLeft(19);
        var (unit, letter) = facts.Length switch
        {
            >= Giga => (Giga, "G"),
            >= Mega => (Mega, "M"),
            > 9999 => (Kilo, "K"),
            _ => (1L, ""),
        };
        // Half of a unit counts as one.
        var size = facts.Length / unit + (facts.Length % unit >= unit / 2 && unit > 1 ? 1 : 0);
        return (size.ToString(CultureInfo.InvariantCulture) + letter).PadLeft(7);
    }

    private static int BytesOf(ReadOnlySpan<byte> name, int characters)
    {
        var bytes = 0;
        for (; characters > 0; characters--)
        {
            Utf8.Decode(name[bytes..], out var used);
            bytes += used;
        }
        return bytes;
    }

    private static void Pad(int count, IBufferWriter<byte> output)
    {
        var span = output.GetSpan(count + 1);
        span[..count].Fill((byte)' ');
        output.Advance(count);
    }
}
