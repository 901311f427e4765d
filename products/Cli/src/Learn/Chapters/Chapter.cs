using System.Text.RegularExpressions;

namespace Microcosm.Cli;

/// <summary>
/// A Markdown file whose blocks that are marked <c>```console</c> run. In them <c>$ COMMAND</c> is a step at the shell, <c>PROMPT> TEXT</c>
/// one inside the client that the last such step opened; the lines below a step are its output. A block that is marked
/// <c>```LANGUAGE FILE</c> is what a reader writes into that file.
/// </summary>
internal sealed partial class Chapter
{
    private const string Opening = "```console";
    private const string Closing = "```";

    private readonly string[] _lines;

    private Chapter(string path, string[] lines)
    {
        Path = path;
        _lines = lines;
        Parts = [.. Parse()];
        Steps = [.. Parts.OfType<Step>()];
    }

    /// <summary>What messages call it.</summary>
    public string Path { get; }

    /// <summary>All of it, in its order.</summary>
    public IReadOnlyList<Part> Parts { get; }

    /// <summary>What runs.</summary>
    public IReadOnlyList<Step> Steps { get; }

    /// <summary>Reads a chapter. Throws <see cref="FormatException"/> with the line where a block is not one.</summary>
    public static Chapter Parse(string path, string text) => new(path, text.ReplaceLineEndings("\n").Split('\n'));

    /// <summary>The text with other outputs in place of those quoted.</summary>
    public string With(IReadOnlyDictionary<Step, string> outputs)
    {
        var text = new List<string>(_lines);
        foreach (var (step, output) in outputs.OrderByDescending(o => o.Key.Line))
        {
            text.RemoveRange(step.Line, step.Expected.Count);
            text.InsertRange(step.Line, output.Length == 0 ? [] : output.Split('\n'));
        }
        return string.Join('\n', text);
    }

    private IEnumerable<Part> Parse()
    {
        var (prose, isFenced) = (0, false);
        for (var i = 0; i < _lines.Length; i++)
        {
            var line = _lines[i].TrimEnd();
            var file = IsFile().Match(line);
            if (line == Opening || file.Success)
            {
                if (ProseOf(prose, i) is { } before)
                    yield return before;
                var end = Array.FindIndex(_lines, i + 1, l => l.TrimEnd() == Closing);
                if (end < 0)
                    throw new FormatException($"{Path}:{i + 1}: the block is not closed");
                if (file.Success)
                    yield return new Step(i + 1, Step.FilePrompt, file.Groups[1].Value, _lines[(i + 1)..end]);
                else
                {
                    foreach (var step in StepsOf(i + 1, end))
                        yield return step;
                }
                (i, prose) = (end, end + 1);
                continue;
            }
            if (line.StartsWith(Closing, StringComparison.Ordinal))
                isFenced = !isFenced;
            if (isFenced || !Prose.IsHeading(line))
                continue;
            if (ProseOf(prose, i) is { } section)
                yield return section;
            prose = i;
        }
        if (ProseOf(prose, _lines.Length) is { } last)
            yield return last;
    }

    private Prose? ProseOf(int start, int end)
    {
        var text = string.Join('\n', _lines[start..end]).Trim('\n');
        return text.Length == 0 ? null : new Prose(text);
    }

    private IEnumerable<Step> StepsOf(int start, int end)
    {
        if (end > start && !IsStep().IsMatch(_lines[start]))
            throw new FormatException($"{Path}:{start + 1}: a block begins with a step, not with output");
        for (var at = start; at < end;)
        {
            var step = IsStep().Match(_lines[at]);
            var next = at + 1;
            while (next < end && !IsStep().IsMatch(_lines[next]))
                next++;
            yield return new Step(at + 1, step.Groups[1].Value, step.Groups[2].Value, _lines[(at + 1)..next]);
            at = next;
        }
    }

    [GeneratedRegex(@"^```\w+ ([\w-]+(?:\.[\w-]+)+)$")]
    private static partial Regex IsFile();

    [GeneratedRegex(@"^(\$|[\w.-]+:\d+(?:\(\w+\))?>) (.*)$")]
    private static partial Regex IsStep();
}
