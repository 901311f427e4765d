using System.Globalization;
using System.Text;

namespace Microcosm.Redis.Tests;

/// <summary>
/// Runs the transcripts in this folder: <c>&gt; COMMAND</c>, below it the reply as redis-cli prints it. <c>@2&gt; …</c> is another
/// client, <c>@2&lt;</c> reads what that client is still owed, <c>advance 1500ms</c> moves the clock, <c>closed</c> expects the end of
/// the connection, a line that begins with <c>~</c> is a regular expression.
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
        await using var world = await World.StartAsync(w =>
        {
            w.AddRedis();
            w.Options.Ports = PortPolicy.None;
        });
        world.Clock.Pause();
        var clients = new Dictionary<string, Stream>();
        var lines = await File.ReadAllLinesAsync(Path.Combine(Folder, name + ".txt"));
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (line.StartsWith("advance ", StringComparison.Ordinal))
            {
                world.Clock.Advance(TimeSpan.FromMilliseconds(int.Parse(line[8..^2], CultureInfo.InvariantCulture)));
                continue;
            }
            var isOwed = line[^1] == '<';
            var at = isOwed ? line.Length - 1 : line.IndexOf("> ", StringComparison.Ordinal);
            Assert.True(at >= 0, $"{name}.txt line {i + 1}: neither a command nor a reply to one: {line}");
            var client = line[..at];
            if (!clients.TryGetValue(client, out var stream))
                clients[client] = stream = await world.ConnectAsync(world.Node("redis-1").Address, "script" + client,
                    TestContext.Current.CancellationToken);
            var sent = isOwed || await TrySendAsync(stream, line[(at + 2)..]);
            var wanted = new List<string>();
            while (i + 1 < lines.Length && lines[i + 1].Length > 0 && lines[i + 1][0] != '#' && !IsDirective(lines[i + 1]))
                wanted.Add(lines[++i]);
            foreach (var group in wanted.Count == 0 ? [] : new[] { string.Join('\n', wanted) })
                Expect(group, sent ? await ReadAsync(stream) : "closed", $"{name}.txt, `{line}`");
        }
    }

    private static async Task<bool> TrySendAsync(Stream stream, string line)
    {
        try
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"));
            await stream.FlushAsync();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task<string> ReadAsync(Stream stream)
    {
        try
        {
            return await new ReplyPrinter(stream).ReadAsync().WaitAsync(TimeSpan.FromSeconds(30));
        }
        catch (Exception e) when (e is EndOfStreamException or IOException)
        {
            return "closed";
        }
    }

    private static void Expect(string wanted, string seen, string where)
    {
        if (wanted[0] == '~')
            Assert.Matches(wanted[1..], seen);
        else
            Assert.True(wanted == seen, $"{where}\nwanted:\n{wanted}\nseen:\n{seen}");
    }

    private static bool IsDirective(string line) =>
        line.StartsWith("advance ", StringComparison.Ordinal) || line.StartsWith("> ", StringComparison.Ordinal)
        || (line[0] == '@' && (line[^1] == '<' || line.Contains("> ", StringComparison.Ordinal)));
}
