namespace Microcosm.Redis.Tests.Telemetry;

/// <summary>Metrics, as a MeterListener gets them, with nobody interested in spans.</summary>
[Collection(HeardAlone.Name)]
public sealed class MetricTests
{
    [Fact]
    public async Task Operations_errors_faults_and_connections_are_counted()
    {
        await using var heard = await HeardRedis.StartAsync(spans: false, metrics: true);
        await using (var client = await heard.ConnectAsync())
        {
            heard.World.Faults.Add("redis.GET nth=2 drop-reply");
            await HeardRedis.AskAsync(client, "SET k text");
            await HeardRedis.AskAsync(client, "LPUSH k 1");
            await HeardRedis.AskAsync(client, "GET k");
            Assert.Equal([1.0], heard.Values("microcosm.connections"));
            Assert.Equal("closed", await HeardRedis.AskAsync(client, "GET k"));
        }
        Assert.Equal([1.0, 1.0], heard.Values("microcosm.operations", "redis.GET"));
        Assert.Equal((1, 1), (heard.Values("microcosm.operations", "redis.SET").Length,
            heard.Values("microcosm.operation.errors", "redis.LPUSH").Length));
        Assert.Equal([1.0], heard.Values("microcosm.faults", "redis.GET"));
        Assert.Equal([0.0], heard.Values("db.server.operation.duration", "redis.SET"));
        Assert.Empty(heard.Spans);
        await heard.World.Node("redis-1").KillAsync();
        Assert.Equal(0, heard.Values("microcosm.connections").Sum());
    }

    [Fact]
    public async Task A_blocking_commands_wait_is_in_its_duration()
    {
        await using var heard = await HeardRedis.StartAsync(spans: false, metrics: true);
        await using var client = await heard.ConnectAsync();
        Assert.Equal("PONG", await HeardRedis.AskAsync(client, "PING", "BLPOP queue 2"));
        heard.World.Clock.Advance(TimeSpan.FromSeconds(2));
        await HeardRedis.ReadAsync(client);
        Assert.Equal([2.0], heard.Values("db.server.operation.duration", "redis.BLPOP"));
    }
}
