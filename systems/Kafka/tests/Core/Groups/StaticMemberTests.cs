namespace Microcosm.Kafka.Tests;

/// <summary>Members with a group.instance.id (KIP-345, KIP-814).</summary>
public sealed class StaticMemberTests
{
    private readonly GroupWorld _world = new();

    [Fact]
    public void A_static_member_comes_back_without_a_rebalance_and_its_old_self_is_fenced()
    {
        var old = Stable();
        var back = _world.Join(instance: "i").Value;
        Assert.Equal((KafkaError.None, 1, back.MemberId, true), (back.Error, back.GenerationId, back.Leader, back.SkipAssignment));
        Assert.NotEqual(old.MemberId, back.MemberId);
        Assert.Equal("a", ClassicGroupTests.Text(_world.Sync(back, "i").Value));
        Assert.Equal(KafkaError.FencedInstanceId, _world.Heartbeat(old, "i"));
        Assert.Equal(KafkaError.FencedInstanceId, _world.Commit(3, old, "i").Value);
        Assert.Equal(KafkaError.FencedInstanceId, _world.Leave(old.MemberId, "i"));
    }

    [Fact]
    public void The_new_id_is_written_before_it_is_told_and_survives_a_failover()
    {
        Stable();
        _world.HoldsWrites = true;
        var back = _world.Join(instance: "i");
        Assert.False(back.IsHere);
        _world.HoldsWrites = false;
        _world.Pump();
        _world.Failover();
        Assert.Equal(KafkaError.None, _world.Heartbeat(back.Value, "i"));
    }

    [Fact]
    public void A_leader_whose_client_cannot_skip_the_assignment_is_not_told_that_it_leads()
    {
        var old = Stable();
        var back = _world.Join(instance: "i", skips: false).Value;
        Assert.Equal((old.MemberId, false), (back.Leader, back.SkipAssignment));
        Assert.Empty(back.Members!);
    }

    [Fact]
    public void One_that_comes_back_during_a_rebalance_fences_the_join_of_its_old_self()
    {
        var old = Stable();
        var other = _world.Join();
        var back = _world.Join(instance: "i");
        Assert.True(back.IsHere && other.IsHere);
        Assert.Equal(2, back.Value.GenerationId);
        Assert.Equal(KafkaError.FencedInstanceId, _world.Join(old.MemberId, "i").Value.Error);
    }

    [Fact]
    public void A_static_member_stays_through_rebalances_until_its_session_ends()
    {
        var old = Stable();
        var other = _world.Join(rebalance: 1_000);
        Assert.Equal(KafkaError.RebalanceInProgress, _world.Heartbeat(old, "i"));
        _world.Advance(9_999);
        Assert.False(other.IsHere);
        _world.Advance(1);
        Assert.Equal(other.Value.MemberId, Assert.Single(other.Value.Members!).MemberId);
    }

    [Fact]
    public void A_static_member_can_be_made_to_leave_by_its_instance_alone()
    {
        Stable();
        Assert.Equal(KafkaError.UnknownMemberId, _world.Leave("", "other"));
        Assert.Equal(KafkaError.None, _world.Leave("", "i"));
        Assert.Equal("Empty", _world.Describe().State);
    }

    private JoinResult Stable()
    {
        var joined = _world.Join(instance: "i").Value;
        _world.Sync(joined, "i", (joined.MemberId, "a"));
        return joined;
    }
}
