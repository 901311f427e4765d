namespace Microcosm.Kafka.Tests;

/// <summary>Static members of consumer groups.</summary>
public sealed class StaticConsumerTests
{
    private readonly GroupWorld _world = new();
    private readonly TestConsumer _old;

    public StaticConsumerTests()
    {
        _world.Topics.Set("t", 4);
        _old = new TestConsumer(_world, "old", "i");
        new TestConsumer(_world, "other").Beat();
        _old.Beat();
        Settle();
    }

    [Fact]
    public void One_that_left_for_now_keeps_its_partitions_and_comes_back_without_a_rebalance()
    {
        var before = _old.Text;
        Assert.Equal(KafkaError.None, _old.Leave(MemberAssignment.LeftForNow));
        var epoch = _world.Consumers.Epoch;
        var back = new TestConsumer(_world, "new", "i");
        Assert.Equal(KafkaError.None, back.Beat());
        Assert.Equal((epoch, epoch, before, 2), (_world.Consumers.Epoch, back.Epoch, back.Text, before.Split(' ').Length));
        Assert.Equal(KafkaError.FencedInstanceId, _old.Leave());
        _world.Failover();
        Assert.Equal(KafkaError.None, back.Beat());
    }

    [Fact]
    public void It_may_come_back_under_the_same_id()
    {
        var before = _old.Text;
        _old.Leave(MemberAssignment.LeftForNow);
        Assert.Equal(KafkaError.None, _old.Beat());
        Assert.Equal(before, _old.Text);
    }

    [Fact]
    public void Nobody_takes_an_instance_that_is_in_use()
    {
        var thief = new TestConsumer(_world, "thief", "i");
        Assert.Equal(KafkaError.UnreleasedInstanceId, thief.Beat());
        thief.Epoch = 1;
        Assert.Equal(KafkaError.FencedInstanceId, thief.Beat());
        Assert.Equal(KafkaError.UnknownMemberId, new TestConsumer(_world, "x", "unknown") { Epoch = 1 }.Beat());
        Assert.Equal(KafkaError.UnknownMemberId, new TestConsumer(_world, "x", "unknown").Leave());
    }

    [Fact]
    public void A_member_that_is_here_takes_no_instance_that_another_left_for_now()
    {
        _old.Leave(MemberAssignment.LeftForNow);
        var other = new TestConsumer(_world, "other", "i");
        Assert.Equal(KafkaError.UnreleasedInstanceId, other.Beat());
        Assert.Equal(KafkaError.FencedMemberEpoch, new TestConsumer(_world, "other", "j").Beat());
    }

    [Fact]
    public void One_that_does_not_come_back_in_a_session_loses_its_place()
    {
        _old.Leave(MemberAssignment.LeftForNow);
        _world.Advance(45_000);
        Assert.DoesNotContain("old", _world.Consumers.Members.Keys);
        Assert.Empty(_world.Consumers.Instances);
    }

    private void Settle()
    {
        var other = new TestConsumer(_world, "other") { Epoch = 1 };
        _world.Beat(other.Request());
        for (var i = 0; i < 3; i++)
        {
            // It reads nothing, so it gives up whatever it must.
            other.Epoch = _world.Consumers.Members["other"].Current.Epoch;
            _world.Beat(other.Request());
            _old.Beat();
        }

        Assert.Equal("Stable", _world.Consumers.StateName);
    }
}
