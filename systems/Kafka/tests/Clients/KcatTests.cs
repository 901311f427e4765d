namespace Microcosm.Kafka.Tests.Clients;

/// <summary>Debian's kcat, on an older librdkafka, over real sockets.</summary>
[Trait("Client", "kcat")]
public sealed class KcatTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Records_are_produced_listed_and_consumed(int nodes)
    {
        await using var world = await World.StartAsync(w => w.AddKafka(o => o.Nodes = nodes));
        var brokers = world.System("kafka").ConnectionString;
        await ForeignClient.KcatAsync("a:1\nb:2\n", "-b", brokers, "-P", "-t", "k", "-p", "0", "-K", ":", "-X", "acks=all");
        await ForeignClient.KcatAsync("c:3\n", "-b", brokers, "-P", "-t", "k", "-p", "0", "-K", ":", "-z", "lz4", "-H", "h=1");
        var seen = await ForeignClient.KcatAsync("", "-b", brokers, "-C", "-t", "k", "-o", "beginning", "-e", "-q",
            "-f", "%p %o %k %s %h\\n");
        Assert.Equal("0 0 a 1 \n0 1 b 2 \n0 2 c 3 h=1\n", seen);
        Assert.Equal("k [0] offset 3\n", await ForeignClient.KcatAsync("", "-b", brokers, "-Q", "-t", "k:0:-1"));
        var listed = await ForeignClient.KcatAsync("", "-b", brokers, "-L");
        Assert.Contains($" {nodes} brokers:", listed);
        Assert.Contains("topic \"k\" with 1 partitions:", listed);
    }

    [Fact]
    public async Task A_group_reads_what_it_has_not_read()
    {
        await using var world = await World.StartAsync(w => w.AddKafka());
        var brokers = world.System("kafka").ConnectionString;
        foreach (var value in new[] { "1", "2" })
        {
            await ForeignClient.KcatAsync(value + "\n", "-b", brokers, "-P", "-t", "k");
            // Without -o: with it kcat begins there whatever the group has committed.
            var seen = await ForeignClient.KcatAsync("", "-b", brokers, "-G", "readers", "-q", "-e",
                "-X", "auto.offset.reset=earliest", "k");
            Assert.Equal(value + "\n", seen);
        }
    }
}
