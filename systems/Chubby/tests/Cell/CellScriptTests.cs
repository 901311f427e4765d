using System.Globalization;
using System.Runtime.CompilerServices;
using Microcosm.Chubby.Client;

namespace Microcosm.Chubby.Cell.Tests;

/// <summary>
/// Transcripts of the bare protocol (Scripts/Cell): <c>&gt; Create 1 /a</c> with the reply below it, <c>@2&gt;</c> by another session,
/// <c>@2&amp; Acquire …</c> to begin a call whose reply a line <c>@2&lt;</c> takes later, <c>advance 500ms</c>. The first number of most
/// calls is the handle. <c>MICROCOSM_UPDATE=1</c> writes the replies anew, to be read as a diff.
/// </summary>
public sealed class CellScriptTests
{
    public static IEnumerable<TheoryDataRow<string>> Scripts() =>
        Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Scripts", "Cell"))
            .Select(f => new TheoryDataRow<string>(Path.GetFileNameWithoutExtension(f)));

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Script_runs_as_written(string name)
    {
        var source = SourceOf(name);
        var isUpdate = Environment.GetEnvironmentVariable("MICROCOSM_UPDATE") == "1";
        var lines = File.ReadAllLines(isUpdate ? source : Path.Combine(AppContext.BaseDirectory, "Scripts", "Cell", name + ".txt"));
        var written = new List<string>();
        CellScenario.Run(cell => PlayAsync(cell, lines, written), replicas: 1);
        if (isUpdate)
            File.WriteAllLines(source, written);
        else
            Assert.Equal(lines, written);
    }

    private static async Task PlayAsync(CellScenario cell, string[] lines, List<string> written)
    {
        await cell.MasterAsync();
        var links = new Dictionary<string, ScriptLink>();
        var begun = new Dictionary<string, Task<string>>();
        var sequencers = new Dictionary<string, Sequencer>();
        foreach (var line in lines)
        {
            var mark = line.IndexOfAny(['>', '&', '<']);
            var isCall = mark == 0 || (mark > 0 && line[0] == '@');
            if (line.Length == 0 || line[0] == '#' || isCall || line.StartsWith("advance ", StringComparison.Ordinal))
                written.Add(line);
            if (line.StartsWith("advance ", StringComparison.Ordinal))
                await cell.DelayAsync(int.Parse(line[8..^2], CultureInfo.InvariantCulture));
            if (!isCall)
                continue;
            var who = line[..mark];
            if (!links.TryGetValue(who, out var link))
                links.Add(who, link = await LinkAsync(cell, who));
            if (line[mark] == '&')
                begun.Add(who, link.AskAsync(line[(mark + 2)..], sequencers));
            else if (line[mark] == '>')
                written.AddRange((await link.AskAsync(line[(mark + 2)..], sequencers)).Split('\n'));
            else if (begun.Remove(who, out var reply))
                written.AddRange(reply.IsCompleted ? (await reply).Split('\n') : ["no reply yet"]);
        }
    }

    private static async Task<ScriptLink> LinkAsync(CellScenario cell, string who)
    {
        var link = await cell.LinkAsync(who.Length == 0 ? "script" : "script" + who[1..]);
        var script = new ScriptLink(link);
        await script.AskAsync("OpenSession", []);
        return script;
    }

    private static string SourceOf(string name, [CallerFilePath] string path = "") =>
        Path.Combine(Path.GetDirectoryName(path)!, "..", "Scripts", "Cell", name + ".txt");
}
