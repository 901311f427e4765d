using System.Globalization;
using System.Text.RegularExpressions;

namespace Microcosm.Cli;

/// <summary>
/// The contents of the course: paragraphs of its overview that begin with <c>**5. MapReduce.**</c>, or <c>**6. [Chubby](FILE).**</c> where
/// the chapter is written, below headings of the third level.
/// </summary>
internal static partial class Contents
{
    private const string Group = "### ";

    /// <summary>All chapters, in the order of the overview.</summary>
    public static List<ContentsEntry> Parse(string overview)
    {
        var entries = new List<ContentsEntry>();
        var group = "";
        foreach (var paragraph in overview.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var text = paragraph.Trim('\n');
            if (text.StartsWith(Group, StringComparison.Ordinal))
                group = text[Group.Length..];
            if (Head().Match(text) is { Success: true } head)
            {
                var file = head.Groups["file"];
                entries.Add(new(int.Parse(head.Groups["number"].Value, CultureInfo.InvariantCulture), head.Groups["title"].Value, group,
                    file.Success ? file.Value : null, text[head.Length..].Replace('\n', ' ')));
            }
        }
        return entries;
    }

    /// <summary>The entry of that number, or of a title that has this word; null if there is none, or more than one.</summary>
    public static ContentsEntry? Find(IReadOnlyList<ContentsEntry> entries, string name)
    {
        var found = int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? entries.Where(e => e.Number == number).ToList()
            : entries.Where(e => Word().Matches(e.Title).Any(w => w.Value.Equals(name, StringComparison.OrdinalIgnoreCase))).ToList();
        return found.Count == 1 ? found[0] : null;
    }

    [GeneratedRegex(@"^\*\*(?<number>\d+)\. (?:\[(?<title>[^]]+)\]\((?<file>[^)]+)\)|(?<title>[^]*[]+?))\.\*\*\s+")]
    private static partial Regex Head();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();
}
