using System.Text;
using Microcosm.Testing;

namespace Microcosm.Redis.Tests;

/// <summary>The transcripts in this folder: commands, and below them replies as redis-cli prints them. The clock stands; <c>closed</c> is
/// the end of the connection.</summary>
public sealed class ScriptTests
{
    public static IEnumerable<TheoryDataRow<string>> Scripts() => Transcript.Names();

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
        await Transcript.Read(name).RunAsync(
            async line =>
            {
                if (!clients.TryGetValue(line.Client, out var client))
                    clients[line.Client] = client = await world.ConnectAsync(world.Node("redis-1").Address, "script" + line.Client);
                if (line.Mark != TranscriptMark.Take && !await TrySendAsync(client, line.Request))
                    return "closed";
                return line.Mark == TranscriptMark.Begin ? "" : await ReadAsync(client);
            },
            by =>
            {
                world.Clock.Advance(by);
                return Task.CompletedTask;
            });
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
}
