using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Redis.Tests.Persistence;

/// <summary>SHUTDOWN: what is on the disk afterwards, and what becomes of the node.</summary>
public sealed class ShutdownTests : IAsyncDisposable
{
    private World _world = null!;

    private RunningNode Node => _world.Node("redis-1");

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData("SHUTDOWN", "3600 1", true)]
    [InlineData("SHUTDOWN NOW", "3600 1", true)]
    [InlineData("SHUTDOWN", "", false)]
    [InlineData("SHUTDOWN SAVE", "", true)]
    [InlineData("SHUTDOWN NOSAVE FORCE", "3600 1", false)]
    public async Task The_keys_are_saved_by_the_save_points_or_as_it_says(string command, string savePoints, bool isSaved)
    {
        await StartAsync(o => o.Set("save", savePoints));
        await using (var client = await ConnectAsync())
        {
            Assert.Equal("OK", await AskAsync(client, "SET k v"));
            Assert.Equal("closed", await AskAsync(client, command));
        }
        await UntilAsync(() => Node.State == NodeState.Stopped);
        Assert.Equal("Redis is now ready to exit, bye bye...", Node.Log.Lines[^1].Message);
        await Node.RestartAsync(TestContext.Current.CancellationToken);
        await using var again = await ConnectAsync();
        Assert.Equal(isSaved ? "\"v\"" : "(nil)", await AskAsync(again, "GET k"));
    }

    [Fact]
    public async Task The_log_has_everything_whatever_is_saved()
    {
        await StartAsync(o => (o.AppendOnly, o.AppendFsync) = (true, AppendFsync.No));
        await using (var client = await ConnectAsync())
        {
            Assert.Equal("OK", await AskAsync(client, "SET k v"));
            Assert.Equal("closed", await AskAsync(client, "SHUTDOWN NOSAVE"));
        }
        await UntilAsync(() => Node.State == NodeState.Stopped);
        Assert.False(Node.Disk.Exists("dump.rdb"));
        // What was not synced would be at risk here.
        await Node.KillAsync();
        await Node.RestartAsync(TestContext.Current.CancellationToken);
        await using var again = await ConnectAsync();
        Assert.Equal("\"v\"", await AskAsync(again, "GET k"));
    }

    [Fact]
    public async Task A_disk_that_takes_nothing_keeps_the_server_up_unless_it_is_forced()
    {
        await StartAsync(o => o.Set("save", "3600 1"));
        _world.Faults.Add("disk.* target=temp-* error=ENOSPC");
        await using var client = await ConnectAsync();
        Assert.Equal("OK", await AskAsync(client, "SET k v"));
        Assert.Equal("(error) ERR Errors trying to SHUTDOWN. Check logs.", await AskAsync(client, "SHUTDOWN"));
        Assert.Contains(Node.Log.Lines, l => l.Message == "Error trying to save the DB, can't exit.");
        Assert.Equal("\"v\"", await AskAsync(client, "GET k"));
        Assert.Equal("closed", await AskAsync(client, "SHUTDOWN FORCE"));
        await UntilAsync(() => Node.State == NodeState.Stopped);
        Assert.Contains(Node.Log.Lines, l => l.Message == "Error trying to save the DB. Exit anyway.");
    }

    [Fact]
    public async Task A_save_that_runs_in_the_background_is_given_up()
    {
        await StartAsync(o => o.SnapshotKeys = 1);
        await using var client = await ConnectAsync();
        for (var i = 0; i < 20; i++)
            Assert.Equal("OK", await AskAsync(client, $"SET k{i} v"));
        // In one turn, so that the save has only begun. As with Redis its reply may not leave any more.
        await AskAsync(client, "BGSAVE\r\nSHUTDOWN NOSAVE");
        await UntilAsync(() => Node.State == NodeState.Stopped);
        Assert.Contains(Node.Log.Lines, l => l.Message == "There is a child saving an .rdb. Killing it!");
        Assert.False(Node.Disk.Exists("dump.rdb"));
        Assert.False(Node.Disk.Exists("temp-bgsave.rdb"));
    }

    [Fact]
    public async Task Nobody_is_heard_while_the_keys_go_to_the_disk()
    {
        await StartAsync(o => o.Set("save", "3600 1"));
        await using var admin = await ConnectAsync();
        await using var writer = await ConnectAsync();
        Assert.Equal("OK", await AskAsync(admin, "SET before 1"));
        Assert.Equal("OK", await AskAsync(writer, "SET before 2"));
        _world.Faults.Add("disk.sync target=temp-* delay=100ms");
        var ending = AskAsync(admin, "SHUTDOWN");
        await UntilAsync(() => Node.Log.Lines.Any(l => l.Message == "Saving the final RDB snapshot before exiting."), advance: false);
        var late = AskAsync(writer, "SET late 1");
        await UntilAsync(() => Node.State == NodeState.Stopped);
        // On a clock that stands the world's own last save would wait for ever.
        _world.Faults.Clear();
        Assert.Equal(("closed", "closed"), (await ending, await late));
        await Node.RestartAsync(TestContext.Current.CancellationToken);
        await using var again = await ConnectAsync();
        Assert.Equal("1) \"2\"\n2) (nil)", await AskAsync(again, "MGET before late"));
    }

    [Fact]
    public async Task Those_who_were_not_heard_are_when_it_fails()
    {
        await StartAsync(o => o.Set("save", "3600 1"));
        await using var admin = await ConnectAsync();
        await using var reader = await ConnectAsync();
        Assert.Equal("OK", await AskAsync(admin, "SET k v"));
        Assert.Equal("\"v\"", await AskAsync(reader, "GET k"));
        _world.Faults.Add("disk.sync target=temp-* delay=100ms");
        _world.Faults.Add("disk.rename error=EIO");
        var ending = AskAsync(admin, "SHUTDOWN");
        await UntilAsync(() => Node.Log.Lines.Any(l => l.Message == "Saving the final RDB snapshot before exiting."), advance: false);
        var late = AskAsync(reader, "GET k");
        await UntilAsync(() => late.IsCompleted);
        _world.Faults.Clear();
        Assert.Equal(("(error) ERR Errors trying to SHUTDOWN. Check logs.", "\"v\""), (await ending, await late));
    }

    private async Task StartAsync(Action<RedisOptions> options)
    {
        _world = await World.StartAsync(w =>
        {
            w.AddRedis(options);
            w.Options.Ports = PortPolicy.None;
        });
        _world.Clock.Pause();
    }

    private ValueTask<Stream> ConnectAsync() => _world.ConnectAsync(Node.Address, "test", TestContext.Current.CancellationToken);

    private static async Task<string> AskAsync(Stream client, string command)
    {
        try
        {
            await client.WriteAsync(Encoding.UTF8.GetBytes(command + "\r\n"));
            await client.FlushAsync();
            return await new ReplyPrinter(client).ReadAsync().WaitAsync(TimeSpan.FromSeconds(30));
        }
        catch (IOException)
        {
            return "closed";
        }
    }

    private async Task UntilAsync(Func<bool> isSo, bool advance = true)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!isSo())
        {
            if (patience.IsCancellationRequested)
                Assert.Fail("never came true; the log: " + string.Join('\n', Node.Log.Lines.Select(l => l.Message)));
            if (advance)
                _world.Clock.Advance(TimeSpan.FromMilliseconds(5));
            await Task.Yield();
        }
    }
}
