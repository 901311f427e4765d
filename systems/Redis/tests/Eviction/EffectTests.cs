namespace Microcosm.Redis.Tests.Eviction;

/// <summary>What an eviction leaves behind: in the log, in files, in INFO, for those who watch.</summary>
public sealed class EffectTests
{
    [Theory]
    [InlineData("no", "DEL")]
    [InlineData("yes", "UNLINK")]
    public async Task Evicted_keys_are_in_the_log_and_do_not_come_back(string lazy, string written)
    {
        var folder = Directory.CreateTempSubdirectory("microcosm-").FullName;
        await using var redis = await Conversation.BeginAsync("allkeys-random", configure: o =>
        {
            o.AppendOnly = true;
            o.Set("lazyfree-lazy-eviction", lazy);
        }, folder: folder);
        for (var i = 0; i < 100; i++)
            await redis.AskAsync($"SET key:{i} x");
        await redis.LimitAsync(-1000);
        Assert.Equal("OK", await redis.AskAsync("SET last x"));
        var left = await redis.AskAsync("DBSIZE");
        var evicted = await redis.InfoAsync("evicted_keys");
        await redis.RestartAsync();
        Assert.Equal(left, await redis.AskAsync("DBSIZE"));
        var log = await File.ReadAllTextAsync(Directory.GetFiles(Path.Combine(folder, "redis-1", "appendonlydir"), "*.incr.aof").Single(),
            TestContext.Current.CancellationToken);
        Assert.Equal(evicted, log.Split("\r\n").Count(line => line == written));
        Assert.DoesNotContain("MULTI", log);
    }

    [Fact]
    public async Task A_lower_limit_takes_effect_without_a_command()
    {
        await using var redis = await Conversation.BeginAsync("allkeys-lru", configure: o => o.Set("notify-keyspace-events", "Ee"));
        await redis.AskAsync("SET k x");
        await using var watcher = await redis.World.ConnectAsync(redis.World.Node("redis-1").Address, "watcher",
            TestContext.Current.CancellationToken);
        await watcher.WriteAsync("SUBSCRIBE __keyevent@0__:evicted\r\n"u8.ToArray());
        await watcher.FlushAsync();
        var replies = new ReplyPrinter(watcher);
        await replies.ReadAsync();
        await redis.AskAsync("CONFIG SET maxmemory 1");
        redis.World.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Contains("\"k\"", await replies.ReadAsync().WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Nothing_goes_inside_a_transaction_and_what_goes_after_it_is_logged_after_it()
    {
        var folder = Directory.CreateTempSubdirectory("microcosm-").FullName;
        await using var redis = await Conversation.BeginAsync("allkeys-lru", configure: o => o.AppendOnly = true, folder: folder);
        foreach (var line in (string[])["MULTI", "INCR x", "CONFIG SET maxmemory 1", "INCR x"])
            await redis.AskAsync(line);
        Assert.Equal("1) (integer) 1\n2) OK\n3) (integer) 2", await redis.AskAsync("EXEC"));
        Assert.Equal("(integer) 0", await redis.AskAsync("DBSIZE"));
        await redis.RestartAsync();
        var log = await File.ReadAllTextAsync(Directory.GetFiles(Path.Combine(folder, "redis-1", "appendonlydir"), "*.incr.aof").Single(),
            TestContext.Current.CancellationToken);
        Assert.Equal(["SELECT", "MULTI", "INCR", "INCR", "EXEC", "DEL"],
            log.Split("\r\n").Where(word => word.Length > 2 && word.All(char.IsAsciiLetterUpper)));
    }

    [Fact]
    public async Task A_watched_key_that_is_evicted_breaks_the_transaction()
    {
        await using var redis = await Conversation.BeginAsync("allkeys-lru");
        await redis.AskAsync("SET k x");
        await redis.AskAsync("WATCH k");
        await redis.AskAsync("CONFIG SET maxmemory 1");
        await redis.AskAsync("PING");
        await redis.AskAsync("CONFIG SET maxmemory 0");
        await redis.AskAsync("MULTI");
        await redis.AskAsync("PING");
        Assert.Equal("(nil)", await redis.AskAsync("EXEC"));
    }

    [Fact]
    public async Task Time_above_the_limit_is_counted()
    {
        await using var redis = await Conversation.BeginAsync("volatile-lru");
        await redis.AskAsync("SET k x");
        await redis.AskAsync("CONFIG SET maxmemory 1");
        await redis.AskAsync("PING");
        redis.World.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(2000, await redis.InfoAsync("current_eviction_exceeded_time"));
        await redis.AskAsync("CONFIG SET maxmemory 0");
        await redis.AskAsync("PING");
    }

    [Theory]
    [InlineData("allkeys-lru", "OBJECT IDLETIME k", "(integer) 100")]
    [InlineData("volatile-lfu", "OBJECT FREQ k", "(integer) 8")]
    public async Task Marks_survive_a_restart(string policy, string question, string answer)
    {
        await using var redis = await Conversation.BeginAsync(policy, configure: o =>
        {
            o.Set("lfu-log-factor", "0");
            // A mark falls with the minute on the clock, and the test may run over its end.
            o.Set("lfu-decay-time", "0");
        });
        await redis.AskAsync("SET k x");
        for (var i = 0; i < 3; i++)
            await redis.AskAsync("GET k");
        redis.World.Clock.Advance(TimeSpan.FromSeconds(policy == "allkeys-lru" ? 100 : 1));
        Assert.Equal(answer, await redis.AskAsync(question));
        await redis.AskAsync("SAVE");
        await redis.RestartAsync();
        Assert.Equal(answer, await redis.AskAsync(question));
    }
}
