using Microcosm.Chubby.Client;
using Microcosm.Testing;

namespace Microcosm.Chubby.Cell.Tests;

/// <summary>
/// Transcripts of the bare protocol (Scripts/Cell): <c>&gt; Create 1 /a</c> with the reply below it, <c>@2&gt;</c> by another session,
/// <c>@2&amp; Acquire …</c> to begin a call whose reply a line <c>@2&lt;</c> takes later. The first number of most calls is the handle.
/// </summary>
public sealed class CellScriptTests
{
    private const string Folder = "Scripts/Cell";

    public static IEnumerable<TheoryDataRow<string>> Scripts() => Transcript.Names(Folder);

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Script_runs_as_written(string name) =>
        CellScenario.Run(cell => PlayAsync(cell, Transcript.Read(name, Folder)), replicas: 1);

    private static async Task PlayAsync(CellScenario cell, Transcript transcript)
    {
        await cell.MasterAsync();
        var links = new Dictionary<string, ScriptLink>();
        var begun = new Dictionary<string, Task<string>>();
        var sequencers = new Dictionary<string, Sequencer>();
        await transcript.RunAsync(AnswerAsync, by => cell.DelayAsync((int)by.TotalMilliseconds));

        async Task<string> AnswerAsync(TranscriptLine line)
        {
            if (line.Mark == TranscriptMark.Take)
                return begun.Remove(line.Client, out var reply) ? reply.IsCompleted ? await reply : "no reply yet" : "";
            if (!links.TryGetValue(line.Client, out var link))
                links.Add(line.Client, link = await LinkAsync(cell, line.Client));
            var asked = link.AskAsync(line.Request, sequencers);
            if (line.Mark == TranscriptMark.Ask)
                return await asked;
            begun.Add(line.Client, asked);
            return "";
        }
    }

    private static async Task<ScriptLink> LinkAsync(CellScenario cell, string who)
    {
        var link = await cell.LinkAsync(who.Length == 0 ? "script" : "script" + who[1..]);
        var script = new ScriptLink(link);
        await script.AskAsync("OpenSession", []);
        return script;
    }
}
