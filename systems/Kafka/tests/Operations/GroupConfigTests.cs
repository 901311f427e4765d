namespace Microcosm.Kafka.Tests.Operations;

/// <summary>Configurations of groups (KIP-848) reach groups that are in use.</summary>
public sealed class GroupConfigTests
{
    [Fact]
    public async Task Members_hear_of_it_with_their_next_heartbeat()
    {
        await using var world = await SecurityWorld.StartAsync(_ => { });
        await using var client = await RawClient.ConnectAsync(world);
        await TestTopic.CreateAsync(client, replicas: 1);
        var joined = await BeatAsync(client, epoch: 0);
        Assert.Equal(5_000, joined.HeartbeatIntervalMs);
        var altered = await client.CallAsync<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse>(new()
        {
            Resources = [new() { ResourceType = (sbyte)ConfigResourceType.Group, ResourceName = "g", Configs =
                [new() { Name = "consumer.heartbeat.interval.ms", Value = "7000" }] }],
        }, 1);
        Assert.Equal((0, null), (altered.Responses[0].ErrorCode, altered.Responses[0].ErrorMessage));
        Assert.Equal(7_000, (await BeatAsync(client, joined.MemberEpoch)).HeartbeatIntervalMs);
    }

    // Until the coordinator is there, which comes into being when it is looked for.
    private static async Task<ConsumerGroupHeartbeatResponse> BeatAsync(RawClient client, int epoch)
    {
        while (true)
        {
            await client.CallAsync<FindCoordinatorRequest, FindCoordinatorResponse>(new() { CoordinatorKeys = ["g"] }, 4);
            var answer = await client.CallAsync<ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse>(new()
            {
                GroupId = "g", MemberId = "m", MemberEpoch = epoch, RebalanceTimeoutMs = epoch == 0 ? 1_000 : -1,
                SubscribedTopicNames = epoch == 0 ? ["t"] : null, TopicPartitions = epoch == 0 ? [] : null,
            }, 1);
            if (answer.ErrorCode == 0)
                return answer;
            Assert.True((KafkaError)answer.ErrorCode is KafkaError.NotCoordinator or KafkaError.CoordinatorLoadInProgress);
        }
    }
}
