using Microcosm.Kafka.Tests.Storage;

namespace Microcosm.Kafka.Tests.Operations;

/// <summary>What a broker does to its logs unasked, as clients see it.</summary>
public sealed class LogUpkeepTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_compacted_topic_keeps_the_last_value_of_each_key()
    {
        await using var world = await StartAsync();
        await using var client = await RawClient.ConnectAsync(world);
        await TestTopic.CreateAsync(client, 1, ("cleanup.policy", "compact"), ("segment.ms", "1"), ("min.cleanable.dirty.ratio", "0.01"));
        // Each batch is late enough to begin a segment; a fetch reads one, and the last of them is not cleaned.
        foreach (var (timestamp, record) in new[] { (1_000, "a=1"), (2_000, "b=1"), (3_000, "a=2"), (4_000, "z=1") })
            await TestTopic.ProduceAsync(client, Batch.Keyed(timestamp, record));
        await UntilAsync("the log is compacted", async () => await TestTopic.ReadAsync(client) is ["1:b=1", "2:a=2"]);
    }

    [Fact]
    public async Task What_is_older_than_its_retention_goes()
    {
        await using var world = await StartAsync();
        await using var client = await RawClient.ConnectAsync(world);
        await TestTopic.CreateAsync(client, 1, ("segment.ms", "1"), ("retention.ms", "3600000"));
        await TestTopic.ProduceAsync(client, Batch.Keyed(1_000, "a=1"));
        await TestTopic.ProduceAsync(client, Batch.Keyed(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), "a=2"));
        await UntilAsync("the first segment is deleted", async () => (await TestTopic.FetchAsync(client)).LogStartOffset == 1);
        Assert.Equal(["1:a=2"], await TestTopic.ReadAsync(client, from: 1));
    }

    private static Task<World> StartAsync() => World.StartAsync(w =>
    {
        w.Options.Ports = PortPolicy.None;
        w.AddKafka(o =>
        {
            o.Set("log.cleaner.backoff.ms", "50");
            o.Set("log.retention.check.interval.ms", "50");
        });
    }, TestContext.Current.CancellationToken);

    private static async Task UntilAsync(string what, Func<Task<bool>> holds)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await holds())
            Assert.False(patience.IsCancellationRequested, $"{what}: waited {Patience} in vain");
    }
}
