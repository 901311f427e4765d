using Microcosm.Kafka.Tests.Storage;

namespace Microcosm.Kafka.Tests.Operations;

/// <summary>Limits of a broker, passed by a client that knows none.</summary>
public sealed class LimitTests
{
    [Fact]
    [Trait("Limit", "socket.request.max.bytes")]
    public async Task A_request_over_socket_request_max_bytes_ends_the_connection()
    {
        await using var world = await StartAsync(o => o.SocketRequestMaxBytes = 1_000);
        await using var client = await RawClient.ConnectAsync(world);
        Assert.Single((await AskAsync(client, 900)).Topics);
        await Assert.ThrowsAnyAsync<IOException>(() => AskAsync(client, 1_000));
    }

    [Fact]
    [Trait("Limit", "message.max.bytes")]
    public async Task A_batch_over_message_max_bytes_is_refused()
    {
        await using var world = await StartAsync(o => o.MessageMaxBytes = 1_000);
        await using var client = await RawClient.ConnectAsync(world);
        Assert.Equal(0, (await CreateAsync(client, "t", 1)).ErrorCode);
        Assert.Equal(KafkaError.None, await ProduceAsync(client, 800));
        Assert.Equal(KafkaError.MessageTooLarge, await ProduceAsync(client, 1_000));
    }

    [Theory]
    [InlineData(249, 0)]
    [InlineData(250, (short)KafkaError.InvalidTopicException)]
    [Trait("Limit", "LengthMax")]
    public async Task A_topics_name_has_at_most_249_letters(int letters, short error)
    {
        await using var world = await StartAsync();
        await using var client = await RawClient.ConnectAsync(world);
        Assert.Equal(error, (await CreateAsync(client, new string('x', letters), 1)).ErrorCode);
    }

    [Fact]
    [Trait("Limit", "PartitionsMax")]
    public async Task A_topic_is_created_with_at_most_10_000_partitions()
    {
        await using var world = await StartAsync();
        await using var client = await RawClient.ConnectAsync(world);
        var refused = await CreateAsync(client, "t", 10_001);
        Assert.Contains("Between 1 and 10000 partitions can be created at once, not 10001.", refused.ErrorMessage);
    }

    private static Task<World> StartAsync(Action<KafkaOptions>? configure = null) => World.StartAsync(
        w =>
        {
            w.AddKafka(configure);
            w.Options.Ports = PortPolicy.None;
        },
        TestContext.Current.CancellationToken);

    private static Task<MetadataResponse> AskAsync(RawClient client, int letters) =>
        client.CallAsync<MetadataRequest, MetadataResponse>(new() { Topics = [new() { Name = new string('x', letters) }] }, 12);

    private static async Task<CreateTopicsResponse.CreatableTopicResult> CreateAsync(RawClient client, string name, int partitions) =>
        (await client.CallAsync<CreateTopicsRequest, CreateTopicsResponse>(
            new() { TimeoutMs = 10_000, Topics = [new() { Name = name, NumPartitions = partitions, ReplicationFactor = 1 }] }, 7))
        .Topics[0];

    private static async Task<KafkaError> ProduceAsync(RawClient client, int letters)
    {
        var request = new ProduceRequest
        {
            Acks = 1, TimeoutMs = 10_000,
            TopicData = [new() { Name = "t", PartitionData = [new() { Records = Batch.Of(new string('v', letters)) }] }],
        };
        var response = await client.CallAsync<ProduceRequest, ProduceResponse>(request, 11);
        return (KafkaError)response.Responses[0].PartitionResponses[0].ErrorCode;
    }
}
