using System.Globalization;
using System.Runtime.CompilerServices;

namespace Microcosm.Chubby.Tests;

/// <summary>
/// Runs the transcripts in this folder on a cell of one whose clock stands: <c>&gt; Create /a x</c>, below it the reply in words, with the
/// events that came before it. <c>@2&gt; …</c> is another client, <c>@2&lt;</c> the next event it is told, <c>advance
/// 1500ms</c> moves the clock, <c>closed</c> expects the end of the connection. Every client has a
/// session of ten seconds unless it begins with CreateSession. <c># option name=value</c>, before all, sets one of the cell.
/// <c>MICROCOSM_UPDATE=1</c> writes the replies anew, to be read as a diff.
/// </summary>
public sealed class ScriptTests
{
    public static IEnumerable<TheoryDataRow<string>> Scripts() =>
        Directory.GetFiles(Folder, "*.txt").Select(f => new TheoryDataRow<string>(Path.GetFileNameWithoutExtension(f)));

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Scripts");

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Script_runs_as_written(string name)
    {
        var isUpdate = Environment.GetEnvironmentVariable("MICROCOSM_UPDATE") == "1";
        var lines = await File.ReadAllLinesAsync(isUpdate ? SourceOf(name) : Path.Combine(Folder, name + ".txt"));
        await using var world = await World.StartAsync(w =>
        {
            w.AddChubby(o => Configure(o, lines));
            w.Options.Ports = PortPolicy.None;
        });
        world.Clock.Pause();
        var clients = new Dictionary<string, ZooKeeperClient>();
        var written = new List<string>();
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            written.Add(line);
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (line.StartsWith("advance ", StringComparison.Ordinal))
            {
                world.Clock.Advance(TimeSpan.FromMilliseconds(int.Parse(line[8..^2], CultureInfo.InvariantCulture)));
                continue;
            }
            var isOwed = line[^1] == '<';
            var at = isOwed ? line.Length - 1 : line.IndexOf("> ", StringComparison.Ordinal);
            Assert.True(at >= 0, $"{name}.txt line {i + 1}: neither a request nor a reply to one: {line}");
            var seen = isOwed
                ? await EventAsync(clients[line[..at]])
                : await AskAsync(world, clients, line[..at], line[(at + 2)..]);
            var wanted = new List<string>();
            while (i + 1 < lines.Length && lines[i + 1].Length > 0 && lines[i + 1][0] != '#' && !IsDirective(lines[i + 1]))
                wanted.Add(lines[++i]);
            written.Add(seen);
            var expected = string.Join('\n', wanted);
            Assert.True(isUpdate || expected == seen, $"{name}.txt, `{line}`\nwanted:\n{expected}\nseen:\n{seen}");
        }
        if (isUpdate)
            await File.WriteAllLinesAsync(SourceOf(name), written);
    }

    private static void Configure(ChubbyOptions options, string[] lines)
    {
        options.TickTime = 2000;
        const string head = "# option ";
        foreach (var line in lines.Where(l => l.StartsWith(head, StringComparison.Ordinal)))
        {
            var at = line.IndexOf('=');
            options.Set(line[head.Length..at], line[(at + 1)..]);
        }
    }

    private static string SourceOf(string name, [CallerFilePath] string source = "") =>
        Path.Combine(Path.GetDirectoryName(source)!, name + ".txt");

    private static async Task<string> AskAsync(World world, Dictionary<string, ZooKeeperClient> clients, string who, string line)
    {
        var request = new ScriptRequest(line);
        try
        {
            if (request.Name == "CreateSession")
                return await ConnectAsync(world, clients, who, request);
            if (!clients.TryGetValue(who, out var client))
            {
                await ConnectAsync(world, clients, who, new ScriptRequest("CreateSession"));
                client = clients[who];
            }
            var reply = await client.AskAsync(request.Type, request.Write);
            var text = client.Events.Select(e => $"{e.Kind} {e.Path}").Append(ReplyText.Of(request, reply)).ToArray();
            client.Events.Clear();
            return string.Join('\n', text);
        }
        catch (Exception e) when (e is EndOfStreamException or IOException)
        {
            return "closed";
        }
    }

    // CreateSession timeout=N resume=@2 password=wrong seen=N
    private static async Task<string> ConnectAsync(
        World world, Dictionary<string, ZooKeeperClient> clients, string who, ScriptRequest request)
    {
        var stream = await world.ConnectAsync(world.Node("chubby-1").Address, "script" + who, TestContext.Current.CancellationToken);
        var before = request.Value("resume") is { } name ? clients[name == "@1" ? "" : name] : null;
        var client = clients[who] = new ZooKeeperClient(stream);
        await client.ConnectAsync((int)request.Number("timeout", 10_000), before?.SessionId ?? 0,
            request.Has("password=wrong") ? new byte[16] : before?.Password, request.Number("seen", 0));
        return client.SessionId == 0 ? "expired" : $"a session of {client.TimeoutMs} ms";
    }

    private static async Task<string> EventAsync(ZooKeeperClient client)
    {
        try
        {
            var happened = await client.ReadEventAsync();
            return $"{happened.Kind} {happened.Path}";
        }
        catch (Exception e) when (e is EndOfStreamException or IOException)
        {
            return "closed";
        }
    }

    private static bool IsDirective(string line) =>
        line.StartsWith("advance ", StringComparison.Ordinal) || line.StartsWith("> ", StringComparison.Ordinal)
        || (line[0] == '@' && (line[^1] == '<' || line.Contains("> ", StringComparison.Ordinal)));
}
