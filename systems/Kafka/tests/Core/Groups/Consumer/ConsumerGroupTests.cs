namespace Microcosm.Kafka.Tests;

/// <summary>Consumer groups (KIP-848): what heartbeats get, and what time does.</summary>
public sealed class ConsumerGroupTests
{
    private readonly GroupWorld _world = new();
    private readonly TestConsumer _a;
    private readonly TestConsumer _b;

    public ConsumerGroupTests()
    {
        _world.Topics.Set("t", 4);
        (_a, _b) = (new TestConsumer(_world, "a"), new TestConsumer(_world, "b"));
    }

    [Fact]
    public void The_first_member_gets_all_partitions_at_once()
    {
        Assert.Equal(KafkaError.None, _a.Beat());
        Assert.Equal((1, "t0 t1 t2 t3", "Stable"), (_a.Epoch, _a.Text, _world.Consumers.StateName));
        var quiet = _world.Beat(new() { GroupId = "g", MemberId = "a", MemberEpoch = 1 }).Value;
        Assert.Equal((1, 5_000, true), (quiet.MemberEpoch, quiet.HeartbeatIntervalMs, quiet.Assignment is null));
    }

    [Fact]
    public void A_client_of_version_0_gets_its_id_from_the_coordinator()
    {
        _a.MemberId = "";
        var joined = _world.Beat(_a.Request(), version: 0).Value;
        Assert.NotEqual("", joined.MemberId);
        Assert.Equal(KafkaError.InvalidRequest, (KafkaError)_world.Beat(_a.Request(), version: 1).Value.ErrorCode);
    }

    [Fact]
    public void A_second_member_gets_its_half_only_when_the_first_gave_it_up()
    {
        _a.Beat();
        _b.Beat();
        Assert.Equal((2, "", "Reconciling"), (_b.Epoch, _b.Text, _world.Consumers.StateName));
        _a.Beat();
        Assert.Equal((1, "t0 t1 t2 t3"), (_a.Epoch, _a.Text));
        _b.Beat();
        Assert.Equal("", _b.Text);
        _a.Beat(isSlow: true);
        _b.Beat();
        Assert.Equal("", _b.Text);
        _a.Beat();
        _b.Beat();
        Assert.Equal((2, "t0 t1", 2, "t2 t3", "Stable"), (_a.Epoch, _a.Text, _b.Epoch, _b.Text, _world.Consumers.StateName));
    }

    [Fact]
    public void A_heartbeat_that_says_nothing_of_partitions_gives_none_up()
    {
        _a.Beat();
        _b.Beat();
        _a.Beat();
        var quiet = _world.Beat(new() { GroupId = "g", MemberId = "a", MemberEpoch = 1 }).Value;
        Assert.Equal(1, quiet.MemberEpoch);
    }

    [Fact]
    public void Who_missed_an_answer_comes_with_the_epoch_before_and_anybody_else_is_fenced()
    {
        _a.Beat();
        _b.Beat();
        _a.Beat();
        _a.Beat(losesAnswer: true);
        Assert.Equal((1, 2), (_a.Epoch, _world.Consumers.Members["a"].Current.Epoch));
        Assert.Equal(KafkaError.None, _a.Beat());
        Assert.Equal(2, _a.Epoch);
        Assert.Equal(KafkaError.FencedMemberEpoch, Beat("a", 7));
        Assert.Equal(KafkaError.FencedMemberEpoch, Beat("a", 1));
        Assert.Equal(KafkaError.UnknownMemberId, Beat("nobody", 1));
        Assert.Equal(KafkaError.GroupIdNotFound, (KafkaError)_world.Beat(
            new() { GroupId = "other", MemberId = "a", MemberEpoch = 1 }).Value.ErrorCode);
    }

    [Fact]
    public void Who_leaves_frees_its_partitions_at_once()
    {
        Two();
        Assert.Equal(KafkaError.None, _b.Leave());
        Assert.Equal("Assigning", _world.Consumers.StateName);
        _a.Beat();
        Assert.Equal((3, "t0 t1 t2 t3"), (_a.Epoch, _a.Text));
        Assert.Equal(KafkaError.UnknownMemberId, _b.Leave());
        _a.Leave();
        Assert.Equal("Empty", _world.Consumers.StateName);
    }

    [Fact]
    public void Who_is_silent_for_a_session_is_out()
    {
        Two();
        _world.Advance(44_000);
        _a.Beat();
        _world.Advance(1_000);
        Assert.Equal(KafkaError.UnknownMemberId, _b.Beat());
        _a.Beat();
        Assert.Equal("t0 t1 t2 t3", _a.Text);
    }

    [Fact]
    public void A_group_that_is_configured_while_it_is_in_use_obeys_from_the_next_heartbeat_on()
    {
        Two();
        _world.Times = new ConsumerTimes(SessionTimeoutMs: 10_000, HeartbeatIntervalMs: 700);
        _a.Beat();
        Assert.Equal(700, _a.HeartbeatIntervalMs);
        _world.Advance(10_000);
        Assert.Equal(KafkaError.UnknownMemberId, _a.Beat());
        // Who has not spoken since has the session of before.
        Assert.Equal(KafkaError.None, _b.Beat());
    }

    [Fact]
    public void Who_does_not_give_up_in_its_rebalance_timeout_is_out()
    {
        _a.RebalanceTimeoutMs = 10_000;
        _a.Beat();
        _b.Beat();
        _a.Beat();
        _world.Advance(9_999);
        Assert.Equal(KafkaError.None, _a.Beat(isSlow: true));
        _world.Advance(1);
        Assert.Equal(KafkaError.UnknownMemberId, _a.Beat(isSlow: true));
        _b.Beat();
        Assert.Equal("t0 t1 t2 t3", _b.Text);
    }

    [Fact]
    public void Who_gave_up_in_time_stays()
    {
        _a.RebalanceTimeoutMs = 10_000;
        _a.Beat();
        _b.Beat();
        _a.Beat();
        _a.Beat();
        _world.Advance(20_000);
        Assert.Equal(KafkaError.None, _a.Beat());
    }

    [Fact]
    public void A_topic_that_grows_or_comes_or_goes_begins_an_epoch()
    {
        _a.Topics = ["t", "later"];
        _a.Beat();
        _world.Topics.Set("t", 5).Set("not mine", 1);
        _a.Beat();
        Assert.Equal((2, "t0 t1 t2 t3 t4"), (_a.Epoch, _a.Text));
        _world.Topics.Set("later", 1);
        _a.Beat();
        Assert.Equal((3, "later0 t0 t1 t2 t3 t4"), (_a.Epoch, _a.Text));
        _world.Topics.Delete("t");
        _a.Beat();
        _a.Beat();
        Assert.Equal((4, "later0"), (_a.Epoch, _a.Text));
    }

    [Fact]
    public void A_new_subscription_begins_an_epoch_and_the_same_one_does_not()
    {
        _world.Topics.Set("u", 1);
        _a.Beat();
        _a.Topics = ["t", "t"];
        _a.Beat();
        Assert.Equal(1, _a.Epoch);
        _a.Topics = ["u"];
        _a.Beat();
        _a.Beat();
        Assert.Equal((2, "u0"), (_a.Epoch, _a.Text));
    }

    [Fact]
    public void The_assignor_that_most_members_wish_is_taken()
    {
        _world.Topics.Set("u", 4);
        (_a.Topics, _b.Topics) = (["t", "u"], ["t", "u"]);
        (_a.Assignor, _b.Assignor) = ("range", "range");
        _a.Beat();
        for (var i = 0; i < 3; i++)
            _ = (_b.Beat(), _a.Beat());
        Assert.Equal(("t0 t1 u0 u1", "t2 t3 u2 u3"), (_a.Text, _b.Text));
    }

    [Fact]
    public void A_group_takes_as_many_members_as_the_broker_allows()
    {
        var world = new GroupWorld(new GroupOptions { ConsumerMaxSize = 1 });
        Assert.Equal(KafkaError.None, new TestConsumer(world, "a").Beat());
        Assert.Equal(KafkaError.GroupMaxSizeReached, new TestConsumer(world, "b").Beat());
    }

    [Fact]
    public void Requests_that_make_no_sense_are_refused()
    {
        void Refused(KafkaError error, string text, Action<ConsumerGroupHeartbeatRequest> spoil)
        {
            var request = _a.Request();
            spoil(request);
            var answer = _world.Beat(request).Value;
            Assert.Equal((error, true), ((KafkaError)answer.ErrorCode, answer.ErrorMessage!.Contains(text)));
        }

        Refused(KafkaError.InvalidRequest, "GroupId can't be empty.", request => request.GroupId = "");
        Refused(KafkaError.InvalidRequest, "InstanceId can't be empty.", request => request.InstanceId = "");
        Refused(KafkaError.InvalidRequest, "RackId can't be empty.", request => request.RackId = "");
        Refused(KafkaError.InvalidRequest, "MemberId can't be empty.", request => (request.MemberEpoch, request.MemberId) = (1, ""));
        Refused(KafkaError.InvalidRequest, "MemberEpoch is invalid.", request => request.MemberEpoch = -3);
        Refused(KafkaError.InvalidRequest, "InstanceId can't be null.", request => request.MemberEpoch = -2);
        Refused(KafkaError.InvalidRequest, "RebalanceTimeoutMs must be", request => request.RebalanceTimeoutMs = -1);
        Refused(KafkaError.InvalidRequest, "TopicPartitions must be empty", request => request.TopicPartitions = null);
        Refused(KafkaError.InvalidRequest, "Either SubscribedTopicNames or", request => request.SubscribedTopicNames = null);
        Refused(KafkaError.UnsupportedAssignor, "Supported assignors: uniform, range.", request => request.ServerAssignor = "sticky");
        Assert.Empty(_world.Log);
    }

    [Fact]
    public void An_assignment_is_told_only_when_it_is_committed_and_a_failed_write_ends_the_shard()
    {
        _world.HoldsWrites = true;
        var joined = _world.Beat(_a.Request());
        var after = _world.Beat(new() { GroupId = "g", MemberId = "a", MemberEpoch = 1 });
        Assert.False(joined.IsHere || after.IsHere);
        _world.Finish(KafkaError.None);
        Assert.Equal((1, 1), (joined.Value.MemberEpoch, after.Value.MemberEpoch));
        var lost = _world.Beat(_b.Request());
        _world.Finish(KafkaError.NotLeaderOrFollower);
        Assert.Equal(((short)KafkaError.NotCoordinator, true), (lost.Value.ErrorCode, _world.Shard.MustReload));
        Assert.Equal((short)KafkaError.NotCoordinator, (short)_world.Beat(_a.Request()).Value.ErrorCode);
    }

    [Fact]
    public void A_new_coordinator_goes_on_where_the_old_one_was()
    {
        _a.RebalanceTimeoutMs = 10_000;
        _a.Beat();
        _b.Beat();
        _a.Beat();
        var before = _world.State();
        _world.Failover();
        Assert.Equal(before, _world.State());
        _world.Advance(9_000);
        _a.Beat();
        _b.Beat();
        Assert.Equal(("t0 t1", "t2 t3"), (_a.Text, _b.Text));
        _world.Failover();
        _world.Advance(45_000);
        Assert.Equal("Empty", _world.Consumers.StateName);
    }

    [Fact]
    public void A_description_tells_who_has_what_and_who_should()
    {
        _a.Beat();
        _b.Beat();
        var described = Describe("g");
        Assert.Equal(("Reconciling", 2, 2, "uniform"),
            (described.GroupState, described.GroupEpoch, described.AssignmentEpoch, described.AssignorName));
        var first = described.Members[0];
        Assert.Equal(("a", 1, "t"), (first.MemberId, first.MemberEpoch, Assert.Single(first.SubscribedTopicNames)));
        Assert.Equal([0, 1, 2, 3], Assert.Single(first.Assignment.TopicPartitions).Partitions);
        Assert.Equal([0, 1], Assert.Single(first.TargetAssignment.TopicPartitions).Partitions);
        Assert.Equal((short)KafkaError.GroupIdNotFound, Describe("other").ErrorCode);
        Assert.True(Describe(new string('x', short.MaxValue)).ErrorMessage!.Length < short.MaxValue);
    }

    private ConsumerGroupDescribeResponse.DescribedGroup Describe(string group)
    {
        var answer = new Answer<ConsumerGroupDescribeResponse.DescribedGroup>();
        _world.Shard.ConsumerDescriptions.Describe(group, answer.Set);
        return answer.Value;
    }

    private KafkaError Beat(string memberId, int epoch) =>
        (KafkaError)_world.Beat(new() { GroupId = "g", MemberId = memberId, MemberEpoch = epoch }).Value.ErrorCode;

    private void Two()
    {
        _a.Beat();
        _b.Beat();
        _a.Beat();
        _a.Beat();
        _b.Beat();
        Assert.Equal(("t0 t1", "t2 t3"), (_a.Text, _b.Text));
    }
}
