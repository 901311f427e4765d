using System.Diagnostics;
using Microcosm.Simulation;

namespace Microcosm.Redis.Tests.Telemetry;

/// <summary>Every operation is a span, from its start to its reply, in the world's time.</summary>
[Collection(HeardAlone.Name)]
public sealed class SpanTests
{
    [Fact]
    public async Task A_command_is_a_span_with_the_names_of_the_conventions()
    {
        await using var heard = await HeardRedis.StartAsync();
        await using var client = await heard.ConnectAsync();
        var now = heard.World.Clock.Now.UtcDateTime;
        Assert.Equal("OK", await HeardRedis.AskAsync(client, "SELECT 3"));
        Assert.Equal("OK", await HeardRedis.AskAsync(client, "set greeting hello"));
        Assert.Equal("\"hello\"", await HeardRedis.AskAsync(client, "GET greeting"));
        Assert.Equal("(integer) 1", await HeardRedis.AskAsync(client, "CLIENT ID"));
        Assert.Equal(["SELECT", "SET", "GET", "CLIENT|ID"], heard.Spans.Select(s => s.DisplayName));
        var set = heard.Spans[1];
        Assert.Equal((ActivityKind.Server, ActivityStatusCode.Unset, now), (set.Kind, set.Status, set.StartTimeUtc));
        Assert.Equal(
            ["db.namespace=3", "db.operation.name=SET", "db.system.name=redis", "microcosm.connection=1", "microcosm.node=redis-1",
                "microcosm.operation=redis.SET", "server.address=redis-1", "server.port=6379"],
            set.TagObjects.Select(t => $"{t.Key}={t.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_error_reply_is_the_spans_error()
    {
        await using var heard = await HeardRedis.StartAsync();
        await using var client = await heard.ConnectAsync();
        await HeardRedis.AskAsync(client, "SET k text");
        await HeardRedis.AskAsync(client, "LPUSH k 1");
        await HeardRedis.AskAsync(client, "GET");
        var (wrongType, arity) = (heard.Spans[1], heard.Spans[2]);
        Assert.Equal((ActivityStatusCode.Error, RedisErrors.WrongType), (wrongType.Status, wrongType.StatusDescription));
        Assert.Equal(("WRONGTYPE", "WRONGTYPE"), (wrongType.GetTagItem("error.type"), wrongType.GetTagItem("db.response.status_code")));
        Assert.Equal(("GET", "ERR", "ERR wrong number of arguments for 'get' command"),
            (arity.DisplayName, arity.GetTagItem("error.type"), arity.StatusDescription));
    }

    [Fact]
    public async Task Queued_commands_are_children_of_their_exec()
    {
        await using var heard = await HeardRedis.StartAsync();
        await using var client = await heard.ConnectAsync();
        foreach (var line in (string[])["MULTI", "SET k text", "LPUSH k 1"])
            await HeardRedis.AskAsync(client, line);
        await HeardRedis.AskAsync(client, "EXEC");
        Assert.Equal(["MULTI", "SET", "LPUSH", "EXEC"], heard.Spans.Select(s => s.DisplayName));
        var (set, push, exec) = (heard.Spans[1], heard.Spans[2], heard.Spans[3]);
        Assert.Equal((exec.SpanId, exec.SpanId, default), (set.ParentSpanId, push.ParentSpanId, exec.ParentSpanId));
        Assert.Equal((exec.TraceId, exec.TraceId), (set.TraceId, push.TraceId));
        Assert.NotEqual(heard.Spans[0].TraceId, exec.TraceId);
        Assert.Equal((ActivityStatusCode.Error, ActivityStatusCode.Unset), (push.Status, exec.Status));
    }

    [Fact]
    public async Task A_blocking_command_lasts_until_it_is_answered()
    {
        await using var heard = await HeardRedis.StartAsync();
        await using var waiting = await heard.ConnectAsync();
        await using var other = await heard.ConnectAsync();
        Assert.Equal("PONG", await HeardRedis.AskAsync(waiting, "PING", "BLPOP queue 0"));
        heard.World.Clock.Advance(TimeSpan.FromMinutes(90));
        await HeardRedis.AskAsync(other, "RPUSH queue job");
        await HeardRedis.ReadAsync(waiting);
        Assert.Equal("PONG", await HeardRedis.AskAsync(waiting, "PING", "BLPOP queue 5"));
        heard.World.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("(nil)", await HeardRedis.ReadAsync(waiting));
        var pops = heard.Spans.Where(s => s.DisplayName == "BLPOP").ToArray();
        Assert.Equal([TimeSpan.FromMinutes(90), TimeSpan.FromSeconds(5)], pops.Select(s => s.Duration));
        Assert.All(pops, s => Assert.Equal(ActivityStatusCode.Unset, s.Status));
        Assert.All(heard.Spans, s => Assert.Equal(default, s.ParentSpanId));
    }

    [Fact]
    public async Task A_client_that_is_unblocked_with_an_error_has_a_span_that_says_so()
    {
        await using var heard = await HeardRedis.StartAsync();
        await using var waiting = await heard.ConnectAsync();
        await using var other = await heard.ConnectAsync();
        Assert.Equal("(integer) 1", await HeardRedis.AskAsync(waiting, "CLIENT ID", "BLPOP queue 0"));
        await HeardRedis.AskAsync(other, "CLIENT UNBLOCK 1 ERROR");
        await HeardRedis.ReadAsync(waiting);
        Assert.Equal("UNBLOCKED", heard.Spans.Single(s => s.DisplayName == "BLPOP").GetTagItem("error.type"));
    }

    [Theory]
    [InlineData("drop-reply", "closed", "DropReply")]
    [InlineData("close-before", "closed", "CloseBefore")]
    [InlineData("refuse=\"LOADING soon\"", "(error) LOADING soon", "LOADING")]
    [InlineData("pause-node", null, null)]
    public async Task A_fault_that_fires_stands_in_the_span(string action, string? reply, string? error)
    {
        await using var heard = await HeardRedis.StartAsync();
        await using var client = await heard.ConnectAsync();
        heard.World.Faults.Add("redis.SET nth=2 " + action);
        Assert.Equal("OK", await HeardRedis.AskAsync(client, "SET k one"));
        if (reply is not null)
        {
            Assert.Equal(reply, await HeardRedis.AskAsync(client, "SET k two"));
        }
        else
        {
            await client.WriteAsync("SET k two\r\n"u8.ToArray());
            while (heard.Spans.Count < 2)
                await Task.Yield();
        }
        var (calm, hit) = (heard.Spans[0], heard.Spans[1]);
        Assert.Empty(calm.Events);
        Assert.Null(calm.GetTagItem("microcosm.fault"));
        Assert.Equal("redis.SET nth=2 " + action, hit.GetTagItem("microcosm.fault"));
        var fired = Assert.Single(hit.Events);
        Assert.Equal(("microcosm.fault", heard.World.Clock.Now), (fired.Name, fired.Timestamp));
        Assert.Equal(error, hit.GetTagItem("error.type"));
    }

    [Fact]
    public async Task A_delayed_reply_is_in_the_spans_duration()
    {
        await using var heard = await HeardRedis.StartAsync();
        await using var client = await heard.ConnectAsync();
        heard.World.Faults.Add("redis.GET delay=20ms");
        Assert.Equal("PONG", await HeardRedis.AskAsync(client, "PING"));
        await client.WriteAsync("GET k\r\n"u8.ToArray());
        while (heard.World.Faults.Fired.Count == 0)
            await Task.Yield();
        heard.World.Clock.Advance(TimeSpan.FromMilliseconds(25));
        Assert.Equal("(nil)", await HeardRedis.ReadAsync(client));
        Assert.InRange(heard.Spans[^1].Duration.TotalMilliseconds, 20, 25);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public async Task Who_listens_changes_nothing_in_a_simulation(ulong seed)
    {
        var workload = RedisSystem.Workloads.Single(w => w.Name == "redis-durable");
        var alone = SeedRunner.RunOne(workload.Create, seed);
        await using var heard = await HeardRedis.StartAsync(metrics: true);
        var listened = SeedRunner.RunOne(workload.Create, seed);
        Assert.Equal((alone.TraceHash, alone.Steps), (listened.TraceHash, listened.Steps));
        Assert.True(heard.Spans.Count > 100);
    }
}
