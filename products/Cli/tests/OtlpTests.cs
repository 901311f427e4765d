namespace Microcosm.Cli.Tests;

/// <summary><c>cosm up --otlp</c>: what a collector gets.</summary>
public sealed class OtlpTests
{
    [Fact]
    public async Task Spans_and_metrics_reach_a_collector()
    {
        await using var collector = await Collector.StartAsync();
        await using (var up = await CosmUp.StartAsync("--otlp", collector.Url))
        {
            Assert.Equal("+OK", await RedisLine.AskAsync(up.Redis, "SET k text"));
            Assert.StartsWith("-WRONGTYPE", await RedisLine.AskAsync(up.Redis, "LPUSH k 1"), StringComparison.Ordinal);
            await up.TerminateAsync();
            Assert.Equal(0, await up.ExitCodeAsync());
        }
        Assert.All(collector.Received, r => Assert.Equal("application/x-protobuf", r.ContentType));
        var spans = collector.TextOf("/v1/traces");
        foreach (var word in (string[])["Microcosm.Redis", "node start", "redis.SET", "redis.LPUSH", "WRONGTYPE", "db.operation.name",
            "service.name", "microcosm", "redis-1"])
            Assert.Contains(word, spans, StringComparison.Ordinal);
        Assert.DoesNotContain("redis.GET", spans, StringComparison.Ordinal);
        var metrics = collector.TextOf("/v1/metrics");
        foreach (var word in (string[])["db.server.operation.duration", "microcosm.operations", "microcosm.operation.errors",
            "microcosm.node.starts", "redis.SET"])
            Assert.Contains(word, metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_collector_that_is_away_hinders_nothing()
    {
        await using var up = await CosmUp.StartAsync("--otlp", "http://127.0.0.1:9");
        Assert.Equal("+OK", await RedisLine.AskAsync(up.Redis, "SET k text"));
        await up.TerminateAsync();
        Assert.Equal(0, await up.ExitCodeAsync());
    }

    [Fact]
    public async Task What_is_not_an_address_is_a_wrong_command_line()
    {
        var run = await Cosm.RunAsync("up", "--otlp", "ftp://collector");
        Assert.Equal((2, "cosm: 'ftp://collector' is not an OTLP address: write http://127.0.0.1:4318"),
            (run.ExitCode, run.Errors.Split('\n')[0]));
    }
}
