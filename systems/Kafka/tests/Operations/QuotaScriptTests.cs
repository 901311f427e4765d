using Microcosm.Kafka.Tests.Storage;
using static Microcosm.Kafka.Tests.Operations.SecurityWorld;

namespace Microcosm.Kafka.Tests.Operations;

/// <summary>Clients that use too much are told so, and not read from for that long (KIP-219).</summary>
public sealed class QuotaScriptTests
{
    [Fact]
    public async Task A_producer_over_its_quota_is_told_and_muted()
    {
        await using var world = await WithQuotaAsync("producer_byte_rate", 1);
        await using var client = await RawClient.ConnectAsync(world);
        var throttleMs = (await ProduceAsync(client)).ThrottleTimeMs;
        Assert.True(throttleMs > 0);
        // Time stands: the next request is not read before its time.
        var next = client.CallAsync<ApiVersionsRequest, ApiVersionsResponse>(new(), 2);
        await using var other = await RawClient.ConnectAsync(world);
        await AskAsync(other);
        Assert.False(next.IsCompleted);
        world.Clock.Advance(TimeSpan.FromMilliseconds(throttleMs + 1));
        Assert.Equal(0, (await next).ErrorCode);
    }

    [Fact]
    public async Task A_fetch_over_its_quota_is_told_and_brings_nothing()
    {
        await using var world = await WithQuotaAsync("consumer_byte_rate", 3);
        await using var client = await RawClient.ConnectAsync(world);
        await ProduceAsync(client);
        var throttled = await FetchAsync();
        Assert.True(throttled.ThrottleTimeMs > 0);
        Assert.Empty(throttled.Responses);

        Task<FetchResponse> FetchAsync() => client.CallAsync<FetchRequest, FetchResponse>(new()
        {
            SessionEpoch = -1, MaxBytes = 1_000_000, MinBytes = 1,
            Topics = [new() { Topic = "t", Partitions =
                [new() { PartitionMaxBytes = 1_000_000, CurrentLeaderEpoch = -1, LastFetchedEpoch = -1 }] }],
        }, 12);
    }

    [Fact]
    public async Task Topics_over_the_quota_of_mutations_are_refused()
    {
        await using var world = await WithQuotaAsync("controller_mutation_rate", 1);
        await using var client = await RawClient.ConnectAsync(world);
        var answer = await CreateAsync(client, "big", 30);
        Assert.Equal((short)KafkaError.None, answer.Topics[0].ErrorCode);
        answer = await CreateAsync(client, "late", 1);
        Assert.Equal(KafkaError.ThrottlingQuotaExceeded, (KafkaError)answer.Topics[0].ErrorCode);
        Assert.True(answer.ThrottleTimeMs > 0);
    }

    private static async Task<World> WithQuotaAsync(string quota, double limit)
    {
        var world = await StartAsync(_ => { });
        await using var admin = await RawClient.ConnectAsync(world);
        await CreateAsync(admin, "t", 1);
        var answer = await admin.CallAsync<AlterClientQuotasRequest, AlterClientQuotasResponse>(new()
        {
            Entries = [new() { Entity = [new() { EntityType = "client-id", EntityName = "raw" }], Ops =
                [new() { Key = quota, Value = limit }] }],
        }, 1);
        Assert.Equal(0, answer.Entries[0].ErrorCode);
        world.Clock.Pause();
        return world;
    }

    private static Task<CreateTopicsResponse> CreateAsync(RawClient client, string topic, int partitions) =>
        client.CallAsync<CreateTopicsRequest, CreateTopicsResponse>(
            new() { TimeoutMs = 10_000, Topics = [new() { Name = topic, NumPartitions = partitions, ReplicationFactor = 1 }] }, 7);

    private static async Task<ProduceResponse> ProduceAsync(RawClient client)
    {
        var response = await client.CallAsync<ProduceRequest, ProduceResponse>(new()
        {
            Acks = 1, TimeoutMs = 10_000, TopicData = [new() { Name = "t", PartitionData = [new() { Records = Batch.Of("v") }] }],
        }, 11);
        Assert.Equal(0, response.Responses[0].PartitionResponses[0].ErrorCode);
        return response;
    }
}
