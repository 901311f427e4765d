namespace Microcosm.Kafka.Tests.Clients;

/// <summary>kafkajs, a client of another process, over real sockets.</summary>
[Trait("Client", "kafkajs")]
public sealed class KafkajsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public Task Topics_are_created_grown_described_and_deleted(int nodes) => RunAsync("admin", nodes,
        $"""
        created true
        again false
        partitions [0,1,2]
        config [["retention.ms","60000",1]]
        brokers {nodes} controller is one of them true
        topics []

        """);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public Task Records_come_back_as_they_were_sent(int nodes) => RunAsync("records", nodes,
        """
        {"partition":0,"offset":0,"key":"k","value":"v0","headers":{"h":"1"}}
        {"partition":0,"offset":1,"key":null,"value":null,"headers":{}}
        {"partition":0,"offset":2,"key":"k","value":"v1","headers":{"h":"1"}}
        {"partition":0,"offset":3,"key":null,"value":null,"headers":{}}
        offsets [[0,"0","4"]]

        """);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public Task A_group_goes_on_where_it_left(int nodes) => RunAsync("group", nodes,
        """
        first ["1","2","3"]
        second ["4"]
        group Stable consumer 1
        committed ["4"]
        deleted [0]

        """);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public Task Only_what_was_committed_is_read(int nodes) => RunAsync("transactions", nodes, "committed [[\"kept\",2]]\n");

    private static async Task RunAsync(string name, int nodes, string expected)
    {
        await using var world = await World.StartAsync(w => w.AddKafka(o => o.Nodes = nodes));
        var output = await ForeignClient.NodeAsync("kafkajs.mjs", name, world.System("kafka").ConnectionString);
        Assert.Equal(expected, output, ignoreLineEndingDifferences: true);
    }
}
