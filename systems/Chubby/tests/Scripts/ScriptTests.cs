using Microcosm.Testing;

namespace Microcosm.Chubby.Tests;

/// <summary>
/// The transcripts in this folder, on a cell of one whose clock stands: <c>&gt; Create /a x</c>, below it the reply in words, with the
/// events that came before it; <c>@2&lt;</c> is the next event that a client is told, <c>closed</c> the end of the connection. Every
/// client has a session of ten seconds unless it begins with CreateSession. <c># option NAME=VALUE</c> sets one of the cell.
/// </summary>
public sealed class ScriptTests
{
    public static IEnumerable<TheoryDataRow<string>> Scripts() => Transcript.Names();

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Script_runs_as_written(string name)
    {
        var transcript = Transcript.Read(name);
        await using var world = await World.StartAsync(w =>
        {
            w.AddChubby(o =>
            {
                o.TickTime = 2000;
                foreach (var (option, value) in transcript.Options)
                    o.Set(option, value);
            });
            w.Options.Ports = PortPolicy.None;
        });
        world.Clock.Pause();
        var clients = new Dictionary<string, ZooKeeperClient>();
        await transcript.RunAsync(
            line => line.Mark == TranscriptMark.Take ? EventAsync(clients[line.Client])
                : AskAsync(world, clients, line.Client, line.Request),
            by =>
            {
                world.Clock.Advance(by);
                return Task.CompletedTask;
            });
    }

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
}
