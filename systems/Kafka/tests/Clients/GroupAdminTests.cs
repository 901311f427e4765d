using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Microcosm.Kafka.Tests.Clients;

/// <summary>Groups as the official client's administrator sees and changes them.</summary>
public sealed class GroupAdminTests
{
    private const string Classic = "range";

    [Theory]
    [InlineData(Classic, ConsumerGroupType.Classic, "range")]
    [InlineData(GroupMember.NewProtocol, ConsumerGroupType.Consumer, "uniform")]
    public async Task A_group_is_listed_described_and_deleted_when_it_is_empty(string protocol, ConsumerGroupType type, string assignor)
    {
        await using var world = await GroupWorlds.StartAsync(3);
        await GroupWorlds.MakeTopicAsync(world);
        using var admin = GroupWorlds.Admin(world);
        using var member = new GroupMember(world, protocol);
        GroupMember.UntilShared(6, member);
        var listed = Assert.Single((await ListAsync(admin)).Valid);
        Assert.Equal(("g", ConsumerGroupState.Stable, type, false),
            (listed.GroupId, listed.State, listed.Type, listed.IsSimpleConsumerGroup));
        Assert.Empty((await ListAsync(admin, ConsumerGroupState.Empty)).Valid);
        var described = await DescribeAsync(admin);
        Assert.Equal((ConsumerGroupState.Stable, assignor, 0), (described.State, described.PartitionAssignor, (int)described.Error.Code));
        var seen = Assert.Single(described.Members);
        Assert.Equal(("me", "/127.0.0.1", 6), (seen.ClientId, seen.Host, seen.Assignment.TopicPartitions.Count));
        var refused = await Assert.ThrowsAsync<DeleteGroupsException>(() => admin.DeleteGroupsAsync(["g"]));
        Assert.Equal(ErrorCode.NonEmptyGroup, refused.Results.Single().Error.Code);
        member.Leave();
        Assert.Equal((ConsumerGroupState.Empty, 0), ((await DescribeAsync(admin)).State, (await DescribeAsync(admin)).Members.Count));
        await admin.DeleteGroupsAsync(["g"]);
        Assert.Empty((await ListAsync(admin)).Valid);
    }

    [Theory]
    [InlineData(Classic)]
    [InlineData(GroupMember.NewProtocol)]
    public async Task Offsets_are_listed_altered_and_deleted(string protocol)
    {
        await using var world = await GroupWorlds.StartAsync();
        await GroupWorlds.MakeTopicAsync(world, partitions: 2);
        await GroupWorlds.WriteAsync(world, 0, 4, partitions: 2);
        using var admin = GroupWorlds.Admin(world);
        using var member = new GroupMember(world, protocol);
        GroupMember.Until(() => member.Values.Count == 4, member);
        member.Client.Commit();
        Assert.Equal(["t [[0]] @2", "t [[1]] @2"], await OffsetsAsync(admin));
        var used = await Assert.ThrowsAsync<DeleteConsumerGroupOffsetsException>(
            () => admin.DeleteConsumerGroupOffsetsAsync("g", [new("t", 0)]));
        Assert.Equal(ErrorCode.GroupSubscribedToTopic, used.Result.Partitions.Single().Error.Code);
        member.Leave();
        await admin.AlterConsumerGroupOffsetsAsync([new("g", [new("t", 1, 1)])]);
        await admin.DeleteConsumerGroupOffsetsAsync("g", [new("t", 0)]);
        Assert.Equal(["t [[1]] @1"], await OffsetsAsync(admin));
        await admin.DeleteTopicsAsync(["t"]);
        Assert.Empty(await OffsetsAsync(admin));
    }

    private static async Task<ListConsumerGroupsResult> ListAsync(IAdminClient admin, params ConsumerGroupState[] states)
    {
        var listed = await admin.ListConsumerGroupsAsync(new() { MatchStates = states });
        // The client completes this one on its own thread, on which it cannot be disposed of.
        await Task.Yield();
        return listed;
    }

    private static async Task<ConsumerGroupDescription> DescribeAsync(IAdminClient admin) =>
        (await admin.DescribeConsumerGroupsAsync(["g"])).ConsumerGroupDescriptions.Single();

    private static async Task<List<string>> OffsetsAsync(IAdminClient admin) =>
        [.. (await admin.ListConsumerGroupOffsetsAsync([new("g", null)])).Single().Partitions.Select(p =>
            $"{p.TopicPartition} @{p.Offset}").Order()];
}
