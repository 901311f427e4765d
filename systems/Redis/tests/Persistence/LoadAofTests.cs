using System.Text;

namespace Microcosm.Redis.Tests.Persistence;

/// <summary>DEBUG LOADAOF.</summary>
public sealed class LoadAofTests
{
    [Fact]
    public async Task The_log_that_BGREWRITEAOF_wrote_can_be_read_though_it_is_not_kept_up()
    {
        await using var world = await World.StartAsync(w =>
        {
            w.AddRedis();
            w.Options.Ports = PortPolicy.None;
        });
        await using var client = await world.ConnectAsync(world.Node("redis-1").Address, "test", TestContext.Current.CancellationToken);
        Assert.Equal("(error) ERR Append only file is off", await AskAsync(client, "DEBUG LOADAOF"));
        Assert.Equal("OK", await AskAsync(client, "SET k old"));
        Assert.Equal("Background append only file rewriting started", await AskAsync(client, "BGREWRITEAOF"));
        for (var i = 0; !(await AskAsync(client, "INFO persistence")).Contains("aof_rewrites:1"); i++)
            Assert.True(i < 100_000, "the rewrite never ended");
        Assert.Equal("OK", await AskAsync(client, "SET k new"));
        Assert.Equal("OK", await AskAsync(client, "DEBUG LOADAOF"));
        Assert.Equal("\"old\"", await AskAsync(client, "GET k"));
    }

    private static async Task<string> AskAsync(Stream client, string command)
    {
        await client.WriteAsync(Encoding.UTF8.GetBytes(command + "\r\n"));
        await client.FlushAsync();
        return await new ReplyPrinter(client).ReadAsync().WaitAsync(TimeSpan.FromSeconds(30));
    }
}
