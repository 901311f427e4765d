using System.Globalization;
using System.Text;

namespace Microcosm.Redis;

/// <summary>Reads one RESP2 or RESP3 reply from a stream and prints it as redis-cli does.</summary>
internal sealed class ReplyPrinter(Stream stream)
{
    public async Task<string> ReadAsync(string indent = "")
    {
        var line = await ReadLineAsync();
        var rest = line[1..];
        switch (line[0])
        {
            case '+':
                return rest;
            case '-':
                return "(error) " + rest;
            case ':':
                return "(integer) " + rest;
            case ',':
                return "(double) " + rest;
            case '_':
                return "(nil)";
            case '#':
                return rest == "t" ? "(true)" : "(false)";
            case '$' when rest == "-1":
            case '*' when rest == "-1":
                return "(nil)";
            case '$':
                return Quote(await ReadBytesAsync(int.Parse(rest, CultureInfo.InvariantCulture)));
            case '=':
                return Encoding.UTF8.GetString((await ReadBytesAsync(int.Parse(rest, CultureInfo.InvariantCulture)))[4..]);
            case '%':
                return await ReadItemsAsync(2 * int.Parse(rest, CultureInfo.InvariantCulture), indent);
            default:
                return await ReadItemsAsync(int.Parse(rest, CultureInfo.InvariantCulture), indent);
        }
    }

    private async Task<string> ReadItemsAsync(int count, string indent)
    {
        if (count == 0)
            return "(empty array)";
        var lines = new List<string>();
        for (var i = 1; i <= count; i++)
        {
            var label = $"{i}) ".PadLeft(count.ToString(CultureInfo.InvariantCulture).Length + 2);
            lines.Add((i == 1 ? "" : indent) + label + await ReadAsync(indent + new string(' ', label.Length)));
        }
        return string.Join('\n', lines);
    }

    private async Task<string> ReadLineAsync()
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (true)
        {
            if (await stream.ReadAsync(one) == 0)
                throw new EndOfStreamException("the connection was closed");
            if (one[0] == '\n')
                return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            line.Add(one[0]);
        }
    }

    private async Task<byte[]> ReadBytesAsync(int count)
    {
        var bytes = new byte[count + 2];
        await stream.ReadExactlyAsync(bytes);
        return bytes[..count];
    }

    private static string Quote(byte[] bytes)
    {
        var text = new StringBuilder("\"");
        foreach (var b in bytes)
        {
            text.Append(b switch
            {
                (byte)'"' => "\\\"",
                (byte)'\\' => "\\\\",
                (byte)'\n' => "\\n",
                (byte)'\r' => "\\r",
                (byte)'\t' => "\\t",
                >= 32 and < 127 => ((char)b).ToString(),
                _ => $"\\x{b:x2}",
            });
        }
        return text.Append('"').ToString();
    }
}
