using Microcosm.Kafka.Tests.Storage;

namespace Microcosm.Kafka.Tests.Operations;

/// <summary>When the controller takes a broker for dead (KIP-631).</summary>
public sealed class FencingTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_jump_of_the_clock_ends_no_brokers_session(int nodes)
    {
        await using var world = await World.StartAsync(w =>
        {
            w.Options.Ports = PortPolicy.None;
            w.AddKafka(o => o.Nodes = nodes);
        }, TestContext.Current.CancellationToken);
        await using var client = await RawClient.ConnectAsync(world);
        await TestTopic.CreateAsync(client, replicas: (short)nodes);
        await using var leading = await RawClient.ConnectAsync(world, await TestTopic.LeaderAsync(client));
        await TestTopic.ProduceAsync(leading, Batch.Keyed(1_000, "a=1"));
        world.Clock.Advance(TimeSpan.FromSeconds(39));
        // It goes through the metadata's log behind what the jump brought.
        await TestTopic.ConfigureAsync(client, "retention.ms", "1");
        var topic = await TestTopic.DescribeAsync(client);
        Assert.Equal((0, nodes), (topic.LeaderEpoch, topic.IsrNodes.Count));
    }
}
