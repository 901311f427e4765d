using Microcosm.Runtime;

namespace Microcosm.Consensus.Tests.Host;

/// <summary>What systems rely on when they propose and read through a host.</summary>
public class HostTests
{
    [Fact]
    public void A_command_proposed_on_any_member_is_applied_on_all_of_its_group() => HostScenario.Run(async s =>
    {
        for (var group = 1; group <= 2; group++)
        {
            await s.FollowerAsync(group);
            for (var id = 1; id <= 3; id++)
            {
                await s.UntilAsync(async () => (await s.NodeAsync(id)).Members[group - 1].Leader != 0);
                Assert.Equal(id, await s.ProposeAsync(id, $"{group}.{id}", group));
            }
        }
        for (var id = 1; id <= 3; id++)
        {
            Assert.Equal("1.1 1.2 1.3", await s.ReadAsync(id, 1));
            Assert.Equal("2.1 2.2 2.3", await s.ReadAsync(id, 2));
        }
    }, groups: 2);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_read_on_a_follower_sees_what_was_committed_before(bool byLease) => HostScenario.Run(async s =>
    {
        var follower = await s.FollowerAsync();
        var leader = await s.LeaderAsync();
        for (var i = 1; i <= 20; i++)
        {
            Assert.Equal(i, await s.ProposeAsync(leader, "w"));
            Assert.Equal(2 * i - 1, (await s.ReadAsync(follower)).Length);
        }
    }, change: o => o with { Raft = o.Raft with { LeaseReads = byLease } });

    [Fact]
    public void Without_a_leader_nothing_is_carried_out_and_that_is_said() => HostScenario.Run(async s =>
    {
        var follower = await s.FollowerAsync();
        Assert.True((await s.NodeAsync(follower)).Members[0].HasQuorum);
        s.Isolate(follower);
        await s.UntilAsync(async () => (await s.NodeAsync(follower)).Members[0].Leader == 0);
        Assert.False((await s.NodeAsync(follower)).Members[0].HasQuorum);
        var failure = Assert.IsType<ConsensusException>(await s.ProposeAsync(follower, "w"));
        Assert.Equal((ConsensusFailure.NoLeader, false), (failure.Reason, failure.IsOutcomeUnknown));
        Assert.Equal("NoLeader", await s.ReadAsync(follower));
    });

    [Fact]
    public void A_leader_that_is_cut_off_has_no_quorum() => HostScenario.Run(async s =>
    {
        var leader = await s.LeaderAsync();
        s.Isolate(leader);
        await s.UntilAsync(async () => !(await s.NodeAsync(leader)).Members[0].HasQuorum);
        Assert.NotEqual(leader, await s.LeaderAsync(besides: leader));
    });

    [Fact]
    public void A_command_that_may_not_have_reached_the_leader_has_an_unknown_outcome() => HostScenario.Run(async s =>
    {
        var follower = await s.FollowerAsync();
        s.Isolate(follower);
        var failure = Assert.IsType<ConsensusException>(await s.ProposeAsync(follower, "w"));
        Assert.Equal((ConsensusFailure.Dropped, true), (failure.Reason, failure.IsOutcomeUnknown));
    });

    [Fact]
    public void A_command_of_a_past_leader_that_another_took_the_place_of_was_not_carried_out() => HostScenario.Run(async s =>
    {
        var past = await s.LeaderAsync();
        s.Isolate(past);
        var lost = s.ProposeAsync(past, "lost");
        var leader = await s.LeaderAsync(besides: past);
        Assert.Equal(1, await s.ProposeAsync(leader, "kept"));
        s.Heal();
        var failure = Assert.IsType<ConsensusException>(await lost);
        Assert.Equal((ConsensusFailure.Dropped, false), (failure.Reason, failure.IsOutcomeUnknown));
        Assert.Equal("kept", await s.ReadAsync(past));
    });

    [Fact]
    public void What_a_snapshot_took_the_place_of_has_an_unknown_outcome() => HostScenario.Run(async s =>
    {
        var past = await s.LeaderAsync();
        s.Isolate(past);
        var lost = s.ProposeAsync(past, "lost");
        var leader = await s.LeaderAsync(besides: past);
        for (var i = 0; i < 20; i++)
            await s.ProposeAsync(leader, "kept");
        s.Heal();
        var failure = Assert.IsType<ConsensusException>(await lost);
        Assert.Equal((ConsensusFailure.Dropped, true), (failure.Reason, failure.IsOutcomeUnknown));
        await s.UntilAsync(async () => (await s.NodeAsync(past)).Machines[0].Words.Count == 20);
        Assert.Equal(1, (await s.NodeAsync(past)).Machines[0].Restores);
    }, change: o => o with { SnapshotEntries = 5, KeepEntries = 0 });

    [Fact]
    public void A_member_whose_own_command_is_in_the_log_gets_the_result_although_the_leader_fell() => HostScenario.Run(async s =>
    {
        var follower = await s.FollowerAsync();
        var leader = await s.LeaderAsync();
        var node = await s.NodeAsync(follower);
        var result = s.ProposeAsync(follower, "w");
        await s.UntilAsync(() => Task.FromResult(node.Members[0].Core.LastIndex > node.Members[0].Core.AppliedIndex
            || node.Machines[0].Words.Count > 0));
        await s.World.Host(HostScenario.NameOf(leader)).KillAsync();
        Assert.Equal(1, await result);
    });

    [Fact]
    public void A_command_that_was_lost_with_the_leader_ends_once_another_leads() => HostScenario.Run(async s =>
    {
        var follower = await s.FollowerAsync();
        var leader = await s.LeaderAsync();
        await s.World.Host(HostScenario.NameOf(leader)).KillAsync();
        var lost = s.ProposeAsync(follower, "w");
        await s.DelayAsync(1);
        Assert.False(lost.IsCompleted);
        var next = await s.LeaderAsync(besides: leader);
        await s.UntilAsync(async () => (await s.NodeAsync(follower)).Members[0].Core.AppliedIndex
            == (await s.NodeAsync(next)).Members[0].Core.AppliedIndex);
        var failure = Assert.IsType<ConsensusException>(lost.IsCompleted ? await lost : null);
        Assert.Equal((ConsensusFailure.Dropped, true), (failure.Reason, failure.IsOutcomeUnknown));
    });

    [Fact]
    public void Members_that_start_again_have_their_state_from_snapshot_and_log() => HostScenario.Run(async s =>
    {
        var leader = await s.LeaderAsync();
        for (var i = 1; i <= 23; i++)
            Assert.Equal(i, await s.ProposeAsync(leader, "w"));
        for (var id = 1; id <= 3; id++)
            await s.World.Host(HostScenario.NameOf(id)).KillAsync();
        for (var id = 1; id <= 3; id++)
            await s.World.Host(HostScenario.NameOf(id)).StartAsync();
        Assert.Equal(24, await s.ProposeAsync(await s.LeaderAsync(), "w"));
        Assert.Equal(1, (await s.NodeAsync(leader)).Machines[0].Restores);
    }, change: o => o with { SnapshotEntries = 10, KeepEntries = 3 });

    [Fact]
    public void A_log_is_cut_behind_a_snapshot_by_entries_or_bytes() => HostScenario.Run(async s =>
    {
        var leader = await s.LeaderAsync();
        for (var i = 1; i <= 50; i++)
            await s.ProposeAsync(leader, new string('x', 100));
        var status = (await s.NodeAsync(leader)).Members[0].Status();
        Assert.True(status.SnapshotIndex > 20 && status.FirstIndex == status.SnapshotIndex - 1, status.ToString());
    }, change: o => o with { SnapshotBytes = 2_000, KeepEntries = 2 });

    [Fact]
    public void Leadership_is_told_and_status_shows_it() => HostScenario.Run(async s =>
    {
        var leader = await s.LeaderAsync();
        var node = await s.NodeAsync(leader);
        Assert.Contains($"{leader} in {node.Members[0].Term}", node.Told);
        var status = node.Members[0].Status();
        Assert.Equal((leader, RaftRole.Leader, true), (status.Leader, status.Role, status.HasQuorum));
        Assert.Equal(2, status.Followers.Count);
        Assert.All(status.Followers, f => Assert.Equal((HostScenario.NameOf(f.Id), true), (f.Node, f.IsVoter)));
    });

    [Fact]
    public void What_is_under_way_when_the_host_stops_has_an_unknown_outcome() => HostScenario.Run(async s =>
    {
        var leader = await s.LeaderAsync();
        s.Isolate(leader);
        var pending = s.ProposeAsync(leader, "w");
        var node = await s.NodeAsync(leader);
        await s.World.RunAsync(node.Context, () => node.Host.StopAsync().AsTask());
        var failure = Assert.IsType<ConsensusException>(await pending);
        Assert.Equal((ConsensusFailure.Stopped, true), (failure.Reason, failure.IsOutcomeUnknown));
        var later = Assert.IsType<ConsensusException>(await s.ProposeAsync(leader, "w"));
        Assert.Equal((ConsensusFailure.Stopped, false), (later.Reason, later.IsOutcomeUnknown));
    });

    [Fact]
    public void A_command_over_the_limit_and_one_too_many_are_refused() => HostScenario.Run(async s =>
    {
        var leader = await s.LeaderAsync();
        var large = Assert.IsType<ConsensusException>(await s.ProposeAsync(leader, new string('x', 2_000)));
        Assert.Equal((ConsensusFailure.Refused, false), (large.Reason, large.IsOutcomeUnknown));
        s.Isolate(leader);
        var waiting = Enumerable.Range(0, 3).Select(_ => s.ProposeAsync(leader, "w")).ToArray();
        var many = Assert.IsType<ConsensusException>(await s.ProposeAsync(leader, "w"));
        Assert.Equal(ConsensusFailure.Refused, many.Reason);
        Assert.All(waiting, w => Assert.False(w.IsCompleted));
    }, change: o => o with { ProposalsMax = 3, Raft = o.Raft with { EntryBytesMax = 1_000 } });

    /// <summary>Heartbeats of all groups of a node leave together, and one timer serves them.</summary>
    [Fact]
    public void Two_hundred_idle_groups_take_hardly_more_steps_than_two()
    {
        static long Idle(int groups) => HostScenario.Run(s => s.DelayAsync(25_000), groups: groups)
            - HostScenario.Run(s => s.DelayAsync(5_000), groups: groups);
        var (few, many) = (Idle(2), Idle(200));
        Assert.True(many < 4 * few, $"{few} steps with 2 groups, {many} with 200");
    }

    [Fact]
    public void A_peer_that_sends_no_frames_is_cut_off() => HostScenario.Run(async s =>
    {
        var stranger = s.World.AddClient("stranger");
        var random = new RandomStream(1);
        await s.World.RunAsync(stranger, async () =>
        {
            for (var i = 0; i < 200; i++)
            {
                await using var connection = await stranger.Network.ConnectAsync(new NodeEndPoint("node-1", 7_001), default);
                var bytes = new byte[5 + random.Next(200)];
                foreach (ref var b in bytes.AsSpan())
                    b = (byte)random.Next(256);
                BitConverter.TryWriteBytes(bytes, i % 2 == 0 ? random.Next(1 << 30) | 1 << 29 : bytes.Length - 4);
                bytes[4] = (byte)(1 + i % 5);
                await connection.Transport.Output.WriteAsync(bytes);
            }
        });
        Assert.Equal(1, await s.ProposeAsync(await s.LeaderAsync(), "w"));
        Assert.Null(s.World.Host("node-1").LastFailure);
    });
}
