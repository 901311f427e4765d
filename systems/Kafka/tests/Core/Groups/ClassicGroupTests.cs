using System.Text;

namespace Microcosm.Kafka.Tests;

/// <summary>Classic groups: joining, assigning, leaving, and what time does.</summary>
public sealed class ClassicGroupTests
{
    private GroupWorld _world = new();

    [Fact]
    public void The_first_member_leads_and_gets_its_own_assignment()
    {
        var joined = _world.Join().Value;
        Assert.Equal((KafkaError.None, 1, joined.MemberId, "range"),
            (joined.Error, joined.GenerationId, joined.Leader, joined.ProtocolName));
        Assert.Equal(joined.MemberId, Assert.Single(joined.Members!).MemberId);
        Assert.Equal("CompletingRebalance", _world.Describe().State);
        Assert.Equal("t-0", Text(_world.Sync(joined, null, (joined.MemberId, "t-0")).Value));
        Assert.Equal("Stable", _world.Describe().State);
        Assert.Equal(KafkaError.None, _world.Heartbeat(joined));
    }

    [Fact]
    public void A_client_that_knows_ids_gets_one_first_and_is_no_member_until_it_joins_with_it()
    {
        var refused = _world.Join(knowsIds: true).Value;
        Assert.Equal(KafkaError.MemberIdRequired, refused.Error);
        Assert.Empty(_world.Describe().Members);
        Assert.Equal(KafkaError.None, _world.Join(refused.MemberId).Value.Error);

        var late = _world.Join(knowsIds: true).Value;
        _world.Advance(10_000);
        Assert.Equal(KafkaError.UnknownMemberId, _world.Join(late.MemberId).Value.Error);
    }

    [Fact]
    public void A_second_member_waits_until_the_first_joins_again()
    {
        var first = Stable();
        var second = _world.Join();
        Assert.False(second.IsHere);
        Assert.Equal(KafkaError.RebalanceInProgress, _world.Heartbeat(first));
        var again = _world.Join(first.MemberId).Value;
        Assert.Equal((2, 2), (again.GenerationId, second.Value.GenerationId));
        Assert.Equal(2, again.Members!.Count);
        Assert.Empty(second.Value.Members!);

        var waiting = _world.Sync(second.Value);
        Assert.False(waiting.IsHere);
        _world.Sync(again, null, (first.MemberId, "a"), (second.Value.MemberId, "b"));
        Assert.Equal("b", Text(waiting.Value));
        Assert.Equal(KafkaError.IllegalGeneration, _world.Heartbeat(first));
    }

    [Fact]
    public void A_third_member_interrupts_the_assigning_of_two()
    {
        var first = Stable();
        var second = _world.Join();
        _world.Join(first.MemberId);
        var waiting = _world.Sync(second.Value);
        var third = _world.Join();
        Assert.Equal(KafkaError.RebalanceInProgress, waiting.Value.Error);
        _world.Join(first.MemberId);
        _world.Join(second.Value.MemberId);
        Assert.Equal(3, third.Value.GenerationId);
        Assert.Equal(3, _world.Describe().Members.Count);
    }

    [Fact]
    public void Who_does_not_join_again_in_time_is_out()
    {
        var first = Stable();
        var second = _world.Join(rebalance: 5_000);
        for (var i = 0; i < 12; i++)
        {
            _world.Heartbeat(first);
            _world.Advance(5_000);
        }

        Assert.Equal(second.Value.MemberId, second.Value.Leader);
        Assert.Equal(KafkaError.UnknownMemberId, _world.Heartbeat(first));
    }

    [Fact]
    public void Who_does_not_heartbeat_loses_its_session_and_the_others_rebalance()
    {
        var (first, second) = Two();
        _world.Advance(6_000);
        Assert.Equal(KafkaError.None, _world.Heartbeat(first));
        _world.Advance(5_000);
        Assert.Equal(KafkaError.UnknownMemberId, _world.Heartbeat(second));
        Assert.Equal(KafkaError.RebalanceInProgress, _world.Heartbeat(first));
        Assert.Single(_world.Join(first.MemberId).Value.Members!);
    }

    [Fact]
    public void A_group_whose_last_member_expires_is_empty_and_so_is_its_record()
    {
        Stable();
        _world.Advance(10_000);
        Assert.Equal("Empty", _world.Describe().State);
        _world.Failover();
        Assert.Equal(("Empty", 0), (_world.Describe().State, _world.Describe().Members.Count));
    }

    [Fact]
    public void Who_leaves_frees_the_group_at_once()
    {
        var (first, second) = Two();
        var again = _world.Join(first.MemberId);
        Assert.False(again.IsHere);
        Assert.Equal(KafkaError.None, _world.Leave(second.MemberId));
        Assert.Equal(3, again.Value.GenerationId);
        Assert.Equal(KafkaError.UnknownMemberId, _world.Leave(second.MemberId));
    }

    [Fact]
    public void Members_that_never_sync_are_given_up_after_the_rebalance_timeout()
    {
        var first = Stable();
        var second = _world.Join();
        var leader = _world.Join(first.MemberId).Value;
        var waiting = _world.Sync(second.Value);
        for (var i = 0; i < 12; i++)
        {
            Assert.Equal(KafkaError.None, _world.Heartbeat(leader));
            _world.Advance(5_000);
        }

        Assert.Equal(KafkaError.RebalanceInProgress, waiting.Value.Error);
        Assert.Equal(KafkaError.UnknownMemberId, _world.Heartbeat(leader));
    }

    [Fact]
    public void The_protocol_most_members_want_among_those_all_know_is_chosen()
    {
        _world = new GroupWorld(new GroupOptions { InitialRebalanceDelayMs = 3_000 });
        var first = _world.Join(protocols: "sticky,range");
        _world.Join(protocols: "range,sticky");
        _world.Join(protocols: "roundrobin,range,sticky");
        Assert.Equal(KafkaError.InconsistentGroupProtocol, _world.Join(protocols: "roundrobin").Value.Error);
        _world.Advance(6_000);
        Assert.Equal("range", first.Value.ProtocolName);
        Assert.Equal(3, first.Value.Members!.Count);
    }

    [Fact]
    public void Requests_that_make_no_sense_are_refused()
    {
        Assert.Equal(KafkaError.InvalidGroupId, _world.Join(group: "").Value.Error);
        Assert.Equal(KafkaError.InvalidSessionTimeout, _world.Join(session: 5).Value.Error);
        Assert.Equal(KafkaError.UnknownMemberId, _world.Join("nobody").Value.Error);
        _world = new GroupWorld(new GroupOptions { MaxSize = 1 });
        var only = Stable();
        Assert.Equal(KafkaError.GroupMaxSizeReached, _world.Join().Value.Error);
        Assert.Equal(KafkaError.InconsistentGroupProtocol, _world.Sync(only with { ProtocolName = "other" }).Value.Error);
    }

    [Fact]
    public void An_assignment_is_told_only_when_it_is_committed_and_a_failed_write_ends_the_shard()
    {
        var joined = _world.Join().Value;
        _world.HoldsWrites = true;
        var synced = _world.Sync(joined, null, (joined.MemberId, "a"));
        Assert.False(synced.IsHere);
        _world.Finish(KafkaError.NotLeaderOrFollower);
        Assert.Equal(KafkaError.NotCoordinator, synced.Value.Error);
        Assert.True(_world.Shard.MustReload);
        Assert.Equal(KafkaError.NotCoordinator, _world.Heartbeat(joined));
    }

    [Fact]
    public void A_new_coordinator_knows_the_stable_group_and_starts_its_sessions()
    {
        var (first, second) = Two();
        _world.Failover();
        Assert.Equal(KafkaError.None, _world.Heartbeat(first));
        Assert.Equal("b", Text(_world.Sync(second).Value));
        _world.Advance(10_000);
        Assert.Equal("Empty", _world.Describe().State);
    }

    [Fact]
    public void Who_waits_when_the_coordinator_moves_is_sent_away()
    {
        Stable();
        var joining = _world.Join();
        _world.Failover();
        Assert.Equal(KafkaError.NotCoordinator, joining.Value.Error);
        Assert.Equal("Stable", _world.Describe().State);

        _world = new GroupWorld();
        var first = Stable();
        var second = _world.Join();
        _world.Join(first.MemberId);
        var syncing = _world.Sync(second.Value);
        _world.Failover();
        Assert.Equal(KafkaError.NotCoordinator, syncing.Value.Error);
        Assert.Equal(1, Assert.IsType<ClassicGroup>(Assert.Single(_world.Shard.Groups)).Generation);
    }

    internal static string Text(SyncResult synced) => Encoding.UTF8.GetString(synced.Assignment);

    private JoinResult Stable()
    {
        var joined = _world.Join().Value;
        _world.Sync(joined, null, (joined.MemberId, "a"));
        return joined;
    }

    private (JoinResult First, JoinResult Second) Two()
    {
        var first = Stable();
        var second = _world.Join();
        first = _world.Join(first.MemberId).Value;
        _world.Sync(first, null, (first.MemberId, "a"), (second.Value.MemberId, "b"));
        _world.Sync(second.Value);
        return (first, second.Value);
    }
}
