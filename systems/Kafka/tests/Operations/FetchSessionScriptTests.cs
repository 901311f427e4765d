using Microcosm.Kafka.Tests.Storage;
using static Microcosm.Kafka.Tests.Operations.SecurityWorld;

namespace Microcosm.Kafka.Tests.Operations;

/// <summary>Fetch sessions (KIP-227) over a connection.</summary>
public sealed class FetchSessionScriptTests
{
    [Fact]
    public async Task A_session_answers_with_what_is_new_of_all_its_partitions()
    {
        await using var world = await StartAsync(_ => { });
        await using var client = await RawClient.ConnectAsync(world);
        await client.CallAsync<CreateTopicsRequest, CreateTopicsResponse>(
            new() { TimeoutMs = 10_000, Topics = [new() { Name = "t", NumPartitions = 2, ReplicationFactor = 1 }] }, 7);
        var full = await FetchAsync(0, 0, (0, 0), (1, 0));
        Assert.Equal((0, 2), (full.ErrorCode, full.Responses.Sum(t => t.Partitions.Count)));
        Assert.True(full.SessionId > 0);
        Assert.Empty((await FetchAsync(full.SessionId, 1)).Responses);
        var produced = await client.CallAsync<ProduceRequest, ProduceResponse>(new()
        {
            Acks = -1, TimeoutMs = 10_000,
            TopicData = [new() { Name = "t", PartitionData = [new() { Index = 1, Records = Batch.Of("v") }] }],
        }, 11);
        Assert.Equal(0, produced.Responses[0].PartitionResponses[0].ErrorCode);
        var news = Assert.Single(Assert.Single((await FetchAsync(full.SessionId, 2)).Responses).Partitions);
        Assert.Equal((1, 1L, true), (news.PartitionIndex, news.HighWatermark, news.Records is { Length: > 0 }));
        Assert.Empty((await FetchAsync(full.SessionId, 3, (1, 1))).Responses);
        Assert.Equal((short)KafkaError.InvalidFetchSessionEpoch, (await FetchAsync(full.SessionId, 3)).ErrorCode);
        Assert.Equal((short)KafkaError.FetchSessionIdNotFound, (await FetchAsync(full.SessionId ^ 1, 4)).ErrorCode);

        Task<FetchResponse> FetchAsync(int session, int epoch, params (int Partition, long Offset)[] wanted) =>
            client.CallAsync<FetchRequest, FetchResponse>(new()
            {
                SessionId = session, SessionEpoch = epoch, MaxBytes = 1_000_000, MinBytes = 1,
                Topics = wanted.Length == 0 ? [] : [new()
                {
                    Topic = "t",
                    Partitions = [.. wanted.Select(w => new FetchRequest.FetchPartition
                        { Partition = w.Partition, FetchOffset = w.Offset, PartitionMaxBytes = 1_000_000, CurrentLeaderEpoch = -1,
                            LastFetchedEpoch = -1 })],
                }],
            }, 12);
    }
}
