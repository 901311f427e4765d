namespace Microcosm.Kafka.Tests;

/// <summary>Classic members in a consumer group, and groups in use that change their kind (KIP-848).</summary>
public sealed class MixedGroupTests
{
    private GroupWorld _world = new();
    private TestClassic _classic = null!;
    private TestConsumer _consumer = null!;

    public MixedGroupTests() => Start(MigrationPolicy.Bidirectional);

    [Fact]
    public void A_consumer_that_joins_a_classic_group_makes_it_a_consumer_group_and_gets_what_the_others_give_up()
    {
        _classic.Go();
        Assert.Equal(("t0 t1 t2 t3", 1), (_classic.Text, _classic.Generation));
        Assert.Equal(KafkaError.None, _consumer.Beat());
        Assert.Equal((2, "", "Reconciling"), (_consumer.Epoch, _consumer.Text, _world.Consumers.StateName));
        Assert.Equal(KafkaError.RebalanceInProgress, _classic.Beat());
        _consumer.Beat();
        Assert.Equal("", _consumer.Text);
        _classic.Go();
        _consumer.Beat();
        Assert.Equal(("t0 t1", 2, "t2 t3", "Stable"),
            (_classic.Text, _classic.Generation, _consumer.Text, _world.Consumers.StateName));
        Assert.Equal(KafkaError.None, _classic.Beat());
        var before = _world.State();
        _world.Failover();
        Assert.Equal(before, _world.State());
    }

    [Fact]
    public void A_cooperative_member_reads_on_what_it_keeps()
    {
        _classic = new TestClassic(_world, isCooperative: true);
        _classic.Go();
        _consumer.Beat();
        _classic.Beat();
        Assert.Equal("t0 t1 t2 t3", _classic.Text);
        _classic.Beat();
        _classic.Beat();
        Assert.Equal(("t0 t1 t2 t3", 1), (_classic.Text, _classic.Generation));
        _classic.Beat();
        Assert.Equal("t0 t1", _classic.Text);
        _consumer.Beat();
        Assert.Equal("", _consumer.Text);
        _classic.Beat();
        _consumer.Beat();
        Assert.Equal("t2 t3", _consumer.Text);
        _classic.Go();
        Assert.Equal(("t0 t1", 2, "Stable"), (_classic.Text, _classic.Generation, _world.Consumers.StateName));
    }

    [Fact]
    public void The_group_is_classic_again_when_its_last_consumer_leaves_and_rebalances()
    {
        Mixed();
        _consumer.Commit(5);
        Assert.Equal(KafkaError.None, _consumer.Leave());
        Assert.Equal("PreparingRebalance", _world.Describe().State);
        Assert.Equal(KafkaError.RebalanceInProgress, _classic.Beat());
        _classic.Go();
        Assert.Equal(("t0 t1 t2 t3", 3, "Stable"), (_classic.Text, _classic.Generation, _world.Describe().State));
        Assert.Equal(5, _world.Fetch().Value.Offset);
    }

    [Fact]
    public void The_rebalance_of_a_group_that_became_classic_outlives_the_coordinator()
    {
        Mixed();
        _consumer.Leave();
        _world.Failover();
        Assert.Equal("PreparingRebalance", _world.Describe().State);
        _classic.Go();
        Assert.Equal("t0 t1 t2 t3", _classic.Text);
        _world.Failover();
        Assert.Equal(KafkaError.None, _classic.Beat());
    }

    [Fact]
    public void The_group_is_classic_again_when_its_last_consumer_is_silent()
    {
        _classic.SessionTimeoutMs = 100_000;
        Mixed();
        _world.Advance(45_000);
        Assert.Equal("PreparingRebalance", _world.Describe().State);
        _classic.Go();
        Assert.Equal("t0 t1 t2 t3", _classic.Text);
    }

    [Theory]
    [InlineData((int)MigrationPolicy.Disabled, false, "Stable")]
    [InlineData((int)MigrationPolicy.Downgrade, false, "Stable")]
    [InlineData((int)MigrationPolicy.Upgrade, true, "Dead")]
    [InlineData((int)MigrationPolicy.Bidirectional, true, "Dead")]
    public void The_policy_says_whether_a_classic_group_becomes_a_consumer_group(int policy, bool becomes, string classicState)
    {
        Start((MigrationPolicy)policy);
        _classic.Go();
        Assert.Equal(becomes ? KafkaError.None : KafkaError.GroupIdNotFound, _consumer.Beat());
        Assert.Equal(classicState, _world.Describe().State);
    }

    [Theory]
    [InlineData((int)MigrationPolicy.Disabled, "Dead")]
    [InlineData((int)MigrationPolicy.Upgrade, "Dead")]
    [InlineData((int)MigrationPolicy.Downgrade, "PreparingRebalance")]
    public void The_policy_says_whether_a_consumer_group_becomes_classic_but_not_who_may_join_it(int policy, string classicState)
    {
        Start((MigrationPolicy)policy);
        _consumer.Beat();
        _classic.Go();
        _consumer.Beat();
        _consumer.Beat();
        _classic.Go();
        Assert.Equal(("t0 t1", "t2 t3"), (_consumer.Text, _classic.Text));
        _consumer.Leave();
        Assert.Equal(classicState, _world.Describe().State);
        _classic.Go();
        Assert.Equal("t0 t1 t2 t3", _classic.Text);
    }

    [Fact]
    public void A_group_of_classic_members_alone_sees_that_a_topic_grows()
    {
        Start(MigrationPolicy.Upgrade);
        Mixed();
        _consumer.Leave();
        _classic.Go();
        _world.Topics.Set("t", 5);
        Assert.Equal(KafkaError.RebalanceInProgress, _classic.Beat());
        _classic.Go();
        Assert.Equal("t0 t1 t2 t3 t4", _classic.Text);
    }

    [Fact]
    public void A_group_that_is_no_consumers_or_whose_subscriptions_nobody_can_read_stays_classic()
    {
        var other = _world.Join(metadata: "?").Value;
        _world.Sync(other);
        var refused = _world.Beat(_consumer.Request()).Value;
        Assert.Equal(((short)KafkaError.GroupIdNotFound, "Cannot upgrade the classic group g to consumer group because the embedded "
            + "consumer protocol is malformed."), (refused.ErrorCode, refused.ErrorMessage));
        Assert.Equal(("Stable", KafkaError.None), (_world.Describe().State, _world.Heartbeat(other)));
    }

    [Fact]
    public void A_leader_that_gave_a_partition_to_two_keeps_its_group_classic()
    {
        var subscription = MessageCodec.EncodeRecord(new ConsumerProtocolSubscription { Topics = ["t"] }, 0);
        var all = MessageCodec.EncodeRecord(
            new ConsumerProtocolAssignment { AssignedPartitions = [new() { Topic = "t", Partitions = [0] }] }, 0);
        var first = _world.Join(subscription: subscription).Value;
        _world.Sync(first);
        var second = _world.Join(subscription: subscription);
        first = _world.Join(first.MemberId, subscription: subscription).Value;
        _world.Sync(first, null, new Dictionary<string, byte[]> { [first.MemberId] = all, [second.Value.MemberId] = all });
        Assert.Equal(KafkaError.UnknownServerError, _consumer.Beat());
        Assert.Equal("Stable", _world.Describe().State);
    }

    [Fact]
    public void Who_waits_for_a_join_when_the_group_becomes_a_consumer_group_joins_again()
    {
        _classic.Go();
        var late = new TestClassic(_world);
        late.Go();
        _consumer.Beat();
        Assert.Equal(KafkaError.RebalanceInProgress, late.Beat());
        for (var round = 0; round < 4; round++)
        {
            _classic.Go();
            late.Go();
            _consumer.Beat();
        }

        Assert.Equal(4, _classic.Reads.Count + late.Reads.Count + _consumer.Reads.Count);
        Assert.Equal(("Stable", 3), (_world.Consumers.StateName, _world.Consumers.Members.Count));
    }

    [Fact]
    public void A_classic_member_that_is_silent_or_does_not_join_again_in_time_is_out()
    {
        Mixed();
        _world.Advance(10_000);
        Assert.Equal(KafkaError.UnknownMemberId, _classic.Beat());
        _classic.RebalanceTimeoutMs = 20_000;
        Mixed();
        _world.Topics.Set("t", 6);
        _consumer.Beat();
        var member = _world.Consumers.Members[_classic.MemberId];
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(KafkaError.RebalanceInProgress,
                _world.Heartbeat(new JoinResult(KafkaError.None, member.MemberId, member.Current.Epoch)));
            _world.Advance(5_000);
        }

        Assert.False(_world.Consumers.Members.ContainsKey(member.MemberId));
    }

    [Fact]
    public void A_classic_member_that_does_not_sync_in_time_is_out()
    {
        _classic.RebalanceTimeoutMs = 20_000;
        Mixed();
        _world.Topics.Set("t", 6);
        _consumer.Beat();
        _classic.Beat();
        _classic.Beat();
        var member = _world.Consumers.Members[_classic.MemberId];
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(KafkaError.None, _world.Heartbeat(new JoinResult(KafkaError.None, member.MemberId, member.Current.Epoch)));
            _world.Advance(5_000);
        }

        Assert.False(_world.Consumers.Members.ContainsKey(member.MemberId));
    }

    [Fact]
    public void Classic_members_commit_by_their_generation_in_any_version()
    {
        Mixed();
        Assert.Equal(KafkaError.None, _classic.Commit(5, knowsEpochs: false));
        Assert.Equal(5, _world.Fetch().Value.Offset);
        var stale = new JoinResult(KafkaError.None, _classic.MemberId, _classic.Generation - 1);
        Assert.Equal(KafkaError.IllegalGeneration, _world.Commit(6, stale).Value);
        Assert.Equal(KafkaError.IllegalGeneration, _world.Heartbeat(stale));
        Assert.Equal(KafkaError.IllegalGeneration, _world.Sync(stale).Value.Error);
    }

    [Fact]
    public void Requests_of_the_classic_protocol_are_not_for_the_other_members()
    {
        Mixed();
        var wrong = new JoinResult(KafkaError.None, _consumer.MemberId, _consumer.Epoch);
        Assert.Equal(KafkaError.UnknownMemberId, _world.Heartbeat(wrong));
        Assert.Equal(KafkaError.UnknownMemberId, _world.Sync(wrong).Value.Error);
        Assert.Equal(KafkaError.UnknownMemberId, _world.Leave(_consumer.MemberId));
        Assert.Equal(KafkaError.UnknownMemberId, _world.Leave("nobody"));
        var known = new JoinResult(KafkaError.None, _classic.MemberId, _classic.Generation, ProtocolName: "other");
        Assert.Equal(KafkaError.InconsistentGroupProtocol, _world.Sync(known).Value.Error);
        Assert.Equal(KafkaError.InconsistentGroupProtocol, _world.Join(protocols: "other").Value.Error);
        Assert.Equal(KafkaError.UnknownServerError, _world.Join(metadata: "?").Value.Error);
    }

    [Fact]
    public void A_classic_member_that_leaves_frees_its_partitions_at_once()
    {
        Mixed();
        Assert.Equal(KafkaError.None, _classic.Leave());
        _consumer.Beat();
        Assert.Equal(("t0 t1 t2 t3", "Stable"), (_consumer.Text, _world.Consumers.StateName));
    }

    [Fact]
    public void A_static_member_comes_back_by_the_other_protocol_and_has_what_it_had()
    {
        (_classic, _consumer) = (new TestClassic(_world, "i"), new TestConsumer(_world, "b"));
        Mixed();
        var upgraded = new TestConsumer(_world, "a", "i");
        Assert.Equal(KafkaError.None, upgraded.Beat());
        Assert.Equal((_classic.Text, KafkaError.FencedInstanceId), (upgraded.Text, _classic.Beat()));
        Assert.Equal(KafkaError.UnreleasedInstanceId, new TestConsumer(_world, "c", "i").Beat());

        var downgraded = new TestClassic(_world, "i");
        downgraded.Go();
        Assert.Equal((upgraded.Text, KafkaError.FencedInstanceId), (downgraded.Text, upgraded.Beat()));
    }

    [Fact]
    public void A_group_whose_last_consumer_comes_back_as_a_classic_member_becomes_classic_and_nobody_notices()
    {
        (_classic, _consumer) = (new TestClassic(_world), new TestConsumer(_world, "b", "i"));
        Mixed();
        var downgraded = new TestClassic(_world, "i");
        downgraded.Go();
        Assert.Equal(("t2 t3", "Stable"), (downgraded.Text, _world.Describe().State));
        Assert.Equal((KafkaError.None, KafkaError.None), (_classic.Beat(), downgraded.Beat()));
        Assert.Equal("t0 t1", _classic.Text);
        _world.Failover();
        Assert.Equal((KafkaError.None, KafkaError.None), (_classic.Beat(), downgraded.Beat()));
    }

    [Fact]
    public void A_member_that_was_put_out_and_still_reads_must_give_up_before_it_joins_again()
    {
        _classic = new TestClassic(_world, isCooperative: true);
        Mixed();
        _world.Topics.Set("t", 6);
        _consumer.Beat();
        Assert.Equal(KafkaError.RebalanceInProgress, _classic.Beat());
        _world.Advance(10_000);
        _classic.Beat();
        Assert.Equal(KafkaError.UnknownMemberId, _classic.Beat());
        Assert.Equal("", _classic.Text);
    }

    private void Start(MigrationPolicy policy)
    {
        _world = new GroupWorld(new GroupOptions { MigrationPolicy = policy });
        _world.Topics.Set("t", 4);
        (_classic, _consumer) = (new TestClassic(_world), new TestConsumer(_world, "b"));
    }

    private void Mixed()
    {
        for (var round = 0; round < 4; round++)
        {
            _classic.Go();
            _consumer.Beat();
        }

        Assert.Equal(("t0 t1", "t2 t3", "Stable"), (_classic.Text, _consumer.Text, _world.Consumers.StateName));
    }
}
