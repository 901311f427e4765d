using System.Text.RegularExpressions;

namespace Microcosm.Course.Tests;

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
        Steps = [.. Parse()];
    }

    /// <summary>From the root of the repository.</summary>
    public string Path { get; }

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

    private IEnumerable<Step> Parse()
    {
        for (var i = 0; i < _lines.Length; i++)
        {
            var file = IsFile().Match(_lines[i].TrimEnd());
            if (_lines[i].TrimEnd() != Opening && !file.Success)
                continue;
            var end = Array.FindIndex(_lines, i + 1, l => l.TrimEnd() == Closing);
            if (end < 0)
                throw new FormatException($"{Path}:{i + 1}: the block is not closed");
            if (file.Success)
            {
                yield return new Step(i + 1, Step.FilePrompt, file.Groups[1].Value, _lines[(i + 1)..end]);
                i = end;
                continue;
            }
            if (end > i + 1 && !IsStep().IsMatch(_lines[i + 1]))
                throw new FormatException($"{Path}:{i + 2}: a block begins with a step, not with output");
            for (var at = i + 1; at < end;)
            {
                var step = IsStep().Match(_lines[at]);
                var next = at + 1;
                while (next < end && !IsStep().IsMatch(_lines[next]))
                    next++;
                yield return new Step(at + 1, step.Groups[1].Value, step.Groups[2].Value, _lines[(at + 1)..next]);
                at = next;
            }
            i = end;
        }
    }

    [GeneratedRegex(@"^```\w+ ([\w-]+(?:\.[\w-]+)+)$")]
    private static partial Regex IsFile();

    [GeneratedRegex(@"^(\$|[\w.-]+:\d+(?:\(\w+\))?>) (.*)$")]
    private static partial Regex IsStep();
}
