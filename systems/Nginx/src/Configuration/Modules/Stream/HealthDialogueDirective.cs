using System.Globalization;
using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary><c>match</c> of the stream part: what a health check sends, and what it expects.</summary>
internal static class HealthDialogueDirective
{
    public static void Read(DirectiveCall call)
    {
        var dialogues = call.Loader.Part.Dialogues;
        if (dialogues.ContainsKey(call[1]))
            throw call.Error($"duplicate match \"{call[1]}\"");
        byte[]? says = null;
        BytesTest? expects = null;
        call.Loader.ReadLines(line =>
        {
            switch (line.Name)
            {
                case "send":
                    Check(line, line.Count == 1, says is not null);
                    says = Bytes(line[1]);
                    break;
                case "expect":
                    Check(line, line.Count == 1 || (line.Count == 2 && line[1] == "~"), expects is not null);
                    expects = line.Count == 1 ? TestOf(Bytes(line[1])) : BytePattern.Compile(line[2], ignoreCase: false).IsMatch;
                    break;
                default:
                    throw line.Error($"unknown directive \"{line.Name}\"");
            }
        });
        dialogues.Add(call[1], new HealthDialogue(says ?? [], expects));
    }

    private static void Check(DirectiveCall line, bool isComplete, bool isKnown)
    {
        if (!isComplete)
            throw line.Error($"invalid number of arguments in \"{line.Name}\" directive");
        if (isKnown)
            throw line.Refuse("is duplicate");
    }

    private static BytesTest TestOf(byte[] text) => bytes => bytes.IndexOf(text) >= 0;

    // \x and two hexadecimal digits are a byte.
    private static byte[] Bytes(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 3 < text.Length && text[i + 1] == 'x'
                && byte.TryParse(text.AsSpan(i + 2, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                bytes.Add(value);
                i += 3;
            }
            else
            {
                bytes.Add((byte)text[i]);
            }
        }
        return [.. bytes];
    }
}
