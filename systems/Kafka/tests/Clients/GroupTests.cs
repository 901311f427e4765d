namespace Microcosm.Kafka.Tests.Clients;

/// <summary>Groups of the official client: classic ones with each assignor of its own, and those of KIP-848.</summary>
[Trait("Client", "Confluent.Kafka")]
public sealed class GroupTests
{
    public static TheoryData<string> Protocols => new("range", "roundrobin", "cooperative-sticky", GroupMember.NewProtocol);

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Members_share_the_partitions_as_they_come_and_go(string protocol)
    {
        await using var world = await GroupWorlds.StartAsync();
        await GroupWorlds.MakeTopicAsync(world);
        using var first = new GroupMember(world, protocol);
        GroupMember.UntilShared(6, first);
        using var second = new GroupMember(world, protocol);
        GroupMember.UntilShared(6, first, second);
        using var third = new GroupMember(world, protocol);
        GroupMember.UntilShared(6, first, second, third);
        await GroupWorlds.WriteAsync(world, 0, 12);
        GroupMember.Until(() => first.Values.Count + second.Values.Count + third.Values.Count >= 12, first, second, third);
        Assert.Equal(Enumerable.Range(0, 12), first.Values.Concat(second.Values).Concat(third.Values).Select(int.Parse).Order());
        first.Leave();
        GroupMember.UntilShared(6, second, third);
        second.Leave();
        GroupMember.UntilShared(6, third);
    }

    [Theory]
    [InlineData("range")]
    [InlineData("cooperative-sticky")]
    public async Task A_classic_consumer_and_one_of_the_new_protocol_share_a_group_and_read_nothing_twice(string assignor)
    {
        await using var world = await GroupWorlds.StartAsync();
        await GroupWorlds.MakeTopicAsync(world);
        using var classic = new GroupMember(world, assignor);
        GroupMember.UntilShared(6, classic);
        using var modern = new GroupMember(world, GroupMember.NewProtocol);
        GroupMember.UntilShared(6, classic, modern);
        await GroupWorlds.WriteAsync(world, 0, 24);
        GroupMember.Until(() => classic.Values.Count + modern.Values.Count >= 24, classic, modern);
        Assert.Equal((12, 12), (classic.Values.Count, modern.Values.Count));
        classic.Client.Commit();
        modern.Client.Commit();
        modern.Leave();
        GroupMember.UntilShared(6, classic);
        await GroupWorlds.WriteAsync(world, 24, 12);
        GroupMember.Until(() => classic.Values.Count + modern.Values.Count >= 36, classic);
        classic.Client.Commit();
        using var again = new GroupMember(world, GroupMember.NewProtocol);
        GroupMember.UntilShared(6, classic, again);
        classic.Leave();
        GroupMember.UntilShared(6, again);
        // Nothing is missed. Who takes a partition over may read again what was not committed in time.
        Assert.Equal(Enumerable.Range(0, 36),
            classic.Values.Concat(modern.Values).Concat(again.Values).Select(int.Parse).Distinct().Order());
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task A_static_member_that_comes_back_disturbs_nobody(string protocol)
    {
        await using var world = await GroupWorlds.StartAsync();
        await GroupWorlds.MakeTopicAsync(world);
        using var one = new GroupMember(world, protocol, configure: c => c.GroupInstanceId = "one");
        using var other = new GroupMember(world, protocol, configure: c => c.GroupInstanceId = "other");
        GroupMember.UntilShared(6, one, other);
        GroupMember.UntilQuiet(one, other);
        var (had, rebalances) = (other.Partitions, one.Rebalances);
        other.Leave();
        using var again = new GroupMember(world, protocol, configure: c => c.GroupInstanceId = "other");
        GroupMember.UntilShared(6, one, again);
        Assert.Equal(had, again.Partitions);
        Assert.Equal(rebalances, one.Rebalances);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task A_member_that_dies_is_missed_when_its_session_ends(string protocol)
    {
        await using var world = await GroupWorlds.StartAsync();
        await GroupWorlds.MakeTopicAsync(world);
        using var survivor = new GroupMember(world, protocol);
        using var victim = new GroupMember(world, protocol);
        GroupMember.UntilShared(6, survivor, victim);
        victim.Dispose();
        Pass(world, 25, survivor);
        Assert.Equal(3, survivor.Partitions.Length);
        Pass(world, 25, survivor);
        GroupMember.UntilShared(6, survivor);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task A_group_goes_on_when_its_coordinator_dies(string protocol)
    {
        await using var world = await GroupWorlds.StartAsync(3);
        await GroupWorlds.MakeTopicAsync(world, replicas: 3);
        using var one = new GroupMember(world, protocol);
        using var other = new GroupMember(world, protocol);
        GroupMember.UntilShared(6, one, other);
        await GroupWorlds.WriteAsync(world, 0, 12);
        GroupMember.Until(() => one.Values.Count + other.Values.Count >= 12, one, other);
        one.Client.Commit();
        other.Client.Commit();
        using var admin = GroupWorlds.Admin(world);
        var group = (await admin.DescribeConsumerGroupsAsync(["g"])).ConsumerGroupDescriptions.Single();
        await world.Node($"kafka-{group.Coordinator.Id}").KillAsync();
        await GroupWorlds.WriteAsync(world, 12, 12);
        GroupMember.Until(() => one.Values.Concat(other.Values).Distinct().Count() == 24, one, other);
        GroupMember.UntilShared(6, one, other);
        one.Client.Commit();
        one.Leave();
        GroupMember.UntilShared(6, other);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Committed_offsets_outlive_the_world(string protocol)
    {
        var folder = Directory.CreateTempSubdirectory("microcosm-kafka-groups").FullName;
        try
        {
            await using (var world = await GroupWorlds.StartAsync(3, folder))
            {
                await GroupWorlds.MakeTopicAsync(world);
                await GroupWorlds.WriteAsync(world, 0, 6);
                using var member = new GroupMember(world, protocol);
                GroupMember.Until(() => member.Values.Count == 6, member);
                member.Client.Commit();
                member.Leave();
            }
            await using (var world = await GroupWorlds.StartAsync(3, folder))
            {
                await GroupWorlds.WriteAsync(world, 6, 6);
                using var member = new GroupMember(world, protocol);
                GroupMember.Until(() => member.Values.Count >= 6, member);
                Assert.Equal(Enumerable.Range(6, 6), member.Values.Select(int.Parse).Order());
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("range")]
    [InlineData(GroupMember.NewProtocol)]
    public async Task A_member_pauses_seeks_and_goes_on(string protocol)
    {
        await using var world = await GroupWorlds.StartAsync();
        await GroupWorlds.MakeTopicAsync(world, partitions: 2);
        await GroupWorlds.WriteAsync(world, 0, 4, partitions: 2);
        using var member = new GroupMember(world, protocol);
        GroupMember.Until(() => member.Values.Count == 4, member);
        member.Values.Clear();
        member.Client.Pause([new("t", 0)]);
        member.Client.Seek(new("t", 1, 1));
        await GroupWorlds.WriteAsync(world, 4, 2, partitions: 2);
        GroupMember.Until(() => member.Values.Count == 2, member);
        Assert.Equal(["3", "5"], member.Values);
        member.Client.Resume([new("t", 0)]);
        GroupMember.Until(() => member.Values.Count == 3, member);
        Assert.Equal("4", member.Values[2]);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task A_pattern_finds_the_topics_that_come_later(string protocol)
    {
        await using var world = await GroupWorlds.StartAsync();
        await GroupWorlds.MakeTopicAsync(world, "a1", 1);
        await GroupWorlds.MakeTopicAsync(world, "b1", 1);
        using var member = new GroupMember(world, protocol, topic: "^a.*");
        GroupMember.Until(() => member.Client.Assignment.Count == 1, member);
        await GroupWorlds.MakeTopicAsync(world, "a2", 2);
        GroupMember.Until(() => member.Client.Assignment.Count == 3, member);
        Assert.Equal(["a1", "a2", "a2"], member.Client.Assignment.Select(p => p.Topic).Order());
    }

    // Time passes for the world; the member shows that it lives.
    private static void Pass(World world, int seconds, GroupMember member)
    {
        var turns = 0;
        world.Clock.Advance(TimeSpan.FromSeconds(seconds));
        GroupMember.Until(() => ++turns > 60, member);
    }
}
