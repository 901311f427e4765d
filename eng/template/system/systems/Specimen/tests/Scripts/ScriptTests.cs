using Microcosm.Testing;

namespace Microcosm.Specimen.Tests;

/// <summary>The transcripts in this folder: requests, and below them the replies.</summary>
public sealed class ScriptTests
{
    public static IEnumerable<TheoryDataRow<string>> Scripts() => Transcript.Names();

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Script_runs_as_written(string name)
    {
        await using var served = await ServedSpecimen.StartAsync();
        var clients = new Dictionary<string, LineConnection>();
        await Transcript.Read(name).RunAsync(async line =>
        {
            if (!clients.TryGetValue(line.Client, out var client))
                clients[line.Client] = client = await served.ConnectAsync();
            if (line.Mark != TranscriptMark.Take)
                await client.SendAsync(line.Request + "\n");
            return line.Mark == TranscriptMark.Begin ? "" : await client.ReadAsync() ?? "closed";
        });
    }
}
