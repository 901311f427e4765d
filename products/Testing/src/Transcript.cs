using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Microcosm.Testing;

/// <summary>
/// A talk with a server, in a file that reads like the protocol: <c>&gt; REQUEST</c>, below it what is answered. <c>@2&gt; …</c> is
/// another client, <c>@2&amp; …</c> asks and does not wait, <c>@2&lt;</c> takes what that client is owed; <c>advance 1500ms</c> moves the
/// clock. An answer that begins with <c>~</c> is a regular expression. An empty line ends an answer, and so does <c>#</c>, a comment;
/// <c># option NAME=VALUE</c> is for who starts the server. <c>MICROCOSM_UPDATE=1</c> writes the answers anew into the source, to be
/// read as a diff.
/// </summary>
public sealed class Transcript
{
    private const string Option = "# option ";
    private const string Advance = "advance ";

    private readonly string _file;
    private readonly string? _update;
    private readonly string[] _lines;

    private Transcript(string file, string? update)
    {
        (_file, _update) = (Path.GetFileName(file), update);
        _lines = File.ReadAllLines(update ?? file);
    }

    /// <summary>What stands in lines <c># option NAME=VALUE</c>.</summary>
    public IEnumerable<(string Name, string Value)> Options => _lines
        .Where(l => l.StartsWith(Option, StringComparison.Ordinal))
        .Select(l => (l[Option.Length..l.IndexOf('=')], l[(l.IndexOf('=') + 1)..]));

    /// <summary>The files of a folder beside the tests' program, without <c>.txt</c>, for <c>[MemberData]</c>.</summary>
    public static IEnumerable<TheoryDataRow<string>> Names(string folder = "Scripts") =>
        Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, folder), "*.txt").Order(StringComparer.Ordinal)
            .Select(f => new TheoryDataRow<string>(Path.GetFileNameWithoutExtension(f)));

    /// <summary>Reads one of them.</summary>
    /// <param name="source">Left out: where the caller's source is, above which that of the file is looked for.</param>
    public static Transcript Read(string name, string folder = "Scripts", [CallerFilePath] string source = "")
    {
        var path = Path.Combine(folder, name + ".txt");
        var isUpdate = Environment.GetEnvironmentVariable("MICROCOSM_UPDATE") == "1";
        return new Transcript(Path.Combine(AppContext.BaseDirectory, path), isUpdate ? SourceOf(path, source) : null);
    }

    /// <summary>Plays it. Fails the test at the first answer that is another one than is written.</summary>
    /// <param name="answer">Does what a line says and returns what is answered, in words; nothing of what only begins.</param>
    /// <param name="advance">Moves the clock; null where scripts cannot.</param>
    public async Task RunAsync(Func<TranscriptLine, Task<string>> answer, Func<TimeSpan, Task>? advance = null)
    {
        var written = new List<string>();
        for (var i = 0; i < _lines.Length; i++)
        {
            var text = _lines[i];
            written.Add(text);
            if (text.Length == 0 || text[0] == '#')
                continue;
            if (advance is not null && IsAdvance(text))
            {
                await advance(TimeSpan.FromMilliseconds(int.Parse(text[Advance.Length..^2], CultureInfo.InvariantCulture)));
                continue;
            }
            Assert.True(TranscriptLine.TryParse(text, out var line), $"{_file}:{i + 1}: neither a request nor an answer to one: {text}");
            var seen = await answer(line);
            if (line.Mark == TranscriptMark.Begin)
                continue;
            var answered = new List<string>();
            while (i + 1 < _lines.Length && IsAnswer(_lines[i + 1]))
                answered.Add(_lines[++i]);
            var wanted = string.Join('\n', answered);
            var isAsWritten = wanted.StartsWith('~') ? Regex.IsMatch(seen, wanted[1..]) : wanted == seen;
            Assert.True(isAsWritten || _update is not null, $"{_file}:{i + 1}: {text}\nwanted:\n{wanted}\nseen:\n{seen}");
            var kept = isAsWritten ? wanted : seen;
            if (kept.Length > 0)
                written.Add(kept);
        }
        if (_update is not null)
            await File.WriteAllLinesAsync(_update, written);
    }

    private static bool IsAnswer(string text) =>
        text.Length > 0 && text[0] != '#' && !IsAdvance(text) && !TranscriptLine.TryParse(text, out _);

    private static bool IsAdvance(string text) =>
        text.StartsWith(Advance, StringComparison.Ordinal) && text.EndsWith("ms", StringComparison.Ordinal);

    private static string SourceOf(string path, string source)
    {
        for (var folder = Path.GetDirectoryName(source); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, path)))
                return Path.Combine(folder, path);
        }
        throw new FileNotFoundException($"{path} is in no folder above {source}");
    }
}
