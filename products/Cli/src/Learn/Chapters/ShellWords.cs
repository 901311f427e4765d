using System.Text;

namespace Microcosm.Cli;

/// <summary>
/// The little of a shell that chapters use, so that a line means the same in every shell: words, <c>'…'</c>, <c>"…"</c> without escapes,
/// a comment at the end.
/// </summary>
internal static class ShellWords
{
    private const string NotPlain = "|&;<>()$`*?[]{}~!\\";

    /// <summary>Throws <see cref="FormatException"/> for what only a real shell can do.</summary>
    public static List<string> Split(string command)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var (isWord, quote) = (false, '\0');
        foreach (var c in command)
        {
            if (quote != '\0')
            {
                if (c == quote)
                    quote = '\0';
                else if (quote == '"' && c is '$' or '`' or '\\' or '!')
                    throw new FormatException($"'{c}' within \"…\" means something to a shell: write '…'");
                else
                    word.Append(c);
                continue;
            }
            if (c == '#' && !isWord)
                break;
            if (c is '\'' or '"')
                (quote, isWord) = (c, true);
            else if (c == ' ')
                End();
            else if (NotPlain.Contains(c))
                throw new FormatException($"chapters use plain commands, no '{c}'");
            else
            {
                word.Append(c);
                isWord = true;
            }
        }
        if (quote != '\0')
            throw new FormatException($"{quote} is not closed");
        End();
        return words.Count > 0 ? words : throw new FormatException("there is no command");

        void End()
        {
            if (isWord)
                words.Add(word.ToString());
            word.Clear();
            isWord = false;
        }
    }
}
