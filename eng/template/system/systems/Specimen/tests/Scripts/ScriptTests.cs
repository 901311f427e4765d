namespace Microcosm.Specimen.Tests;

/// <summary>
/// Runs the transcripts in this folder: <c>&gt; REQUEST</c>, below it the reply; <c>restart</c> stops the server and starts it again; a
/// line that begins with <c>#</c> is a comment.
/// </summary>
public sealed class ScriptTests
{
    private const string Request = "> ";

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Scripts");

    public static IEnumerable<TheoryDataRow<string>> Scripts() =>
        Directory.GetFiles(Folder, "*.txt").Select(f => new TheoryDataRow<string>(Path.GetFileName(f)));

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Script_runs_as_written(string script)
    {
        await using var served = await ServedSpecimen.StartAsync();
        var lines = await File.ReadAllLinesAsync(Path.Combine(Folder, script), TestContext.Current.CancellationToken);
        var client = await served.ConnectAsync();
        var printed = new List<string>();
        foreach (var line in lines)
        {
            if (line.Length == 0 || line.StartsWith('#'))
            {
                printed.Add(line);
            }
            else if (line == "restart")
            {
                await client.DisposeAsync();
                await served.World.Node("specimen-1").RestartAsync();
                client = await served.ConnectAsync();
                printed.Add(line);
            }
            else if (line.StartsWith(Request, StringComparison.Ordinal))
            {
                printed.AddRange([line, await client.AskAsync(line[Request.Length..])]);
            }
        }
        await client.DisposeAsync();
        Assert.Equal(lines, printed);
    }
}
