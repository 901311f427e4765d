using Microcosm.Runtime;

namespace Microcosm.Consensus.Tests.Host;

/// <summary>Nodes come and go that the others were not told of when they were opened.</summary>
public class JoiningTests
{
    // The three know of each other; the fourth knows itself alone.
    private static RaftHostOptions OnlyFounders(RaftHostOptions options) =>
        options with { Nodes = options.Nodes.Where(n => options.Id == 4 ? n.Key == 4 : n.Key < 4).ToDictionary() };

    [Fact]
    public void One_that_joins_finds_the_others_by_what_they_say_of_themselves() => HostScenario.Run(async s =>
    {
        var leader = await s.LeaderAsync(among: 3);
        await s.ProposeAsync(leader, "before");
        await AddAsync(s, leader);
        await s.UntilAsync(async () => (await s.NodeAsync(4)).Machines[0].Words.Count == 1);
        Assert.Equal(2, await s.ProposeAsync(4, "by the new one"));
        Assert.Equal("before by the new one", await s.ReadAsync(leader));
    }, nodes: 4, change: OnlyFounders, founders: new Membership([1, 2, 3]));

    [Fact]
    public void One_that_is_removed_learns_what_was_committed_by_then() => HostScenario.Run(async s =>
    {
        var leader = await s.LeaderAsync(among: 3);
        await AddAsync(s, leader);
        await s.ProposeAsync(leader, "welcome");
        await s.UntilAsync(async () => (await s.NodeAsync(4)).Machines[0].Words.Contains("welcome"));
        var node = await s.NodeAsync(leader);
        await s.World.RunAsync(node.Context, async () =>
        {
            // In the turn in which it is committed the others have not heard so yet.
            await node.Members[0].ProposeAsync("farewell"u8.ToArray(), CancellationToken.None);
            Assert.Equal(RaftRefusal.None, node.Members[0].ChangeMembership([new MembershipChange(MembershipChangeKind.Remove, 4)]));
        });
        await s.UntilAsync(async () => (await s.NodeAsync(4)).Machines[0].Words.Contains("farewell"));
        Assert.DoesNotContain(4, node.Members[0].Membership.Members);
    }, nodes: 4, change: OnlyFounders, founders: new Membership([1, 2, 3]));

    [Fact]
    public void A_peer_that_moved_is_found_where_it_is_said_to_be() => HostScenario.Run(async s =>
    {
        var follower = await s.FollowerAsync();
        var leader = await s.LeaderAsync();
        var host = (await s.NodeAsync(leader)).Host;
        host.SetPeer(follower, new NodeEndPoint("nowhere", 1));
        await s.UntilAsync(async () => (await s.NodeAsync(follower)).Members[0].Leader == 0);
        host.SetPeer(follower, new NodeEndPoint(HostScenario.NameOf(follower), host.Options.Port));
        await s.UntilAsync(async () => (await s.NodeAsync(follower)).Members[0].Leader != 0);
    });

    private static async Task AddAsync(HostScenario s, long leader)
    {
        var node = await s.NodeAsync(leader);
        node.Host.SetPeer(4, new NodeEndPoint(HostScenario.NameOf(4), node.Host.Options.Port));
        await s.World.RunAsync(node.Context, () =>
        {
            Assert.Equal(RaftRefusal.None, node.Members[0].ChangeMembership([new MembershipChange(MembershipChangeKind.AddVoter, 4)]));
            return Task.CompletedTask;
        });
    }
}
