using Microcosm.Kafka.Tests.Storage;

namespace Microcosm.Kafka.Tests.Operations;

/// <summary>A topic <c>t</c> of one partition, by raw requests.</summary>
internal static class TestTopic
{
    public static async Task CreateAsync(RawClient client, short replicas, params (string Name, string Value)[] configs)
    {
        var response = await client.CallAsync<CreateTopicsRequest, CreateTopicsResponse>(new()
        {
            TimeoutMs = 10_000,
            Topics = [new()
            {
                Name = "t", NumPartitions = 1, ReplicationFactor = replicas,
                Configs = [.. configs.Select(c => new CreateTopicsRequest.CreatableTopicConfig { Name = c.Name, Value = c.Value })],
            }],
        }, 6);
        Assert.Equal((0, null), (response.Topics[0].ErrorCode, response.Topics[0].ErrorMessage));
    }

    /// <summary>The broker that leads it.</summary>
    public static async Task<int> LeaderAsync(RawClient client) => (await DescribeAsync(client)).LeaderId;

    public static async Task<MetadataResponse.MetadataResponsePartition> DescribeAsync(RawClient client)
    {
        var response = await client.CallAsync<MetadataRequest, MetadataResponse>(new() { Topics = [new() { Name = "t" }] }, 9);
        return response.Topics[0].Partitions[0];
    }

    public static async Task ConfigureAsync(RawClient client, string name, string value)
    {
        var response = await client.CallAsync<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse>(new()
        {
            Resources = [new() { ResourceType = (sbyte)ConfigResourceType.Topic, ResourceName = "t", Configs =
                [new() { Name = name, Value = value, ConfigOperation = (sbyte)ConfigOperation.Set }] }],
        }, 1);
        Assert.Equal((0, null), (response.Responses[0].ErrorCode, response.Responses[0].ErrorMessage));
    }

    public static async Task ProduceAsync(RawClient client, byte[] batch, short acks = -1)
    {
        var response = await client.CallAsync<ProduceRequest, ProduceResponse>(new()
        {
            Acks = acks, TimeoutMs = 10_000,
            TopicData = [new() { Name = "t", PartitionData = [new() { Index = 0, Records = batch }] }],
        }, 9);
        Assert.Equal(0, response.Responses[0].PartitionResponses[0].ErrorCode);
    }

    public static async Task<List<string>> ReadAsync(RawClient client, long from = 0) =>
        Batch.Read((await FetchAsync(client, from)).Records ?? default);

    /// <param name="waitMs">How long it waits for a record.</param>
    /// <param name="rack">The client's.</param>
    public static async Task<FetchResponse.PartitionData> FetchAsync(RawClient client, long from = 0, int waitMs = 0, string rack = "")
    {
        var response = await client.CallAsync<FetchRequest, FetchResponse>(new()
        {
            ReplicaId = -1, MaxWaitMs = waitMs, MinBytes = 1, MaxBytes = 1 << 20, SessionEpoch = -1, RackId = rack,
            Topics = [new() { Topic = "t", Partitions = [new() { Partition = 0, FetchOffset = from, PartitionMaxBytes = 1 << 20 }] }],
        }, 12);
        return response.Responses[0].Partitions[0];
    }
}
