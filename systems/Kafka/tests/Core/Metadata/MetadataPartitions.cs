namespace Microcosm.Kafka.Tests.Core;

/// <summary>ISR changes, elections on request and reassignments.</summary>
public sealed class MetadataPartitions
{
    [Fact]
    public void The_leader_shrinks_and_expands_its_ISR_without_a_new_leader_epoch()
    {
        var world = Created();
        Assert.Equal(KafkaError.None, world.SetIsr("t", [1]).Error);
        Assert.Equal(KafkaError.None, world.SetIsr("t", [1, 3]).Error);
        var after = world.Partition("t");
        Assert.Equal((1, 0, 2), (after.Leader, after.LeaderEpoch, after.PartitionEpoch));
        Assert.Equal([1, 3], after.Isr);
    }

    [Fact]
    public void An_old_leader_and_an_old_view_are_refused()
    {
        var world = Created();
        var seen = world.Partition("t");
        world.SetIsr("t", [1, 2]);
        Assert.Equal(KafkaError.InvalidUpdateVersion, world.SetIsr("t", [1], seen).Error);
        world.Change(1, BrokerTransition.ShutDown);
        Assert.Equal(KafkaError.FencedLeaderEpoch, world.SetIsr("t", [1, 2], seen).Error);
        Assert.Equal(KafkaError.InvalidRequest, world.SetIsr("t", [3], world.Partition("t"), broker: 3).Error);
        var future = world.Partition("t") with { LeaderEpoch = 9, PartitionEpoch = 9 };
        Assert.Equal(KafkaError.NotController, world.SetIsr("t", [2], future).Error);
        Assert.Equal(2, world.Partition("t").Leader);
    }

    [Fact]
    public void Nobody_who_is_fenced_or_of_another_incarnation_or_no_replica_joins_an_ISR()
    {
        var world = Created();
        world.Fence(3);
        Assert.Equal(KafkaError.IneligibleReplica, world.SetIsr("t", [1, 2, 3]).Error);
        Assert.Equal(KafkaError.InvalidRequest, world.SetIsr("t", [1, 4]).Error);
        Assert.Equal(KafkaError.InvalidRequest, world.SetIsr("t", [2]).Error);
        var old = world.State.Brokers[3].Epoch;
        world.Start(3);
        var now = world.Partition("t");
        var asked = new AlterPartition(
            1, world.State.Brokers[1].Epoch, world.State.Topics["t"].Id, 0, now.LeaderEpoch, now.PartitionEpoch,
            [(1, -1), (3, old)], false);
        Assert.Equal(KafkaError.IneligibleReplica, world.Apply(asked).Error);
        Assert.Equal(KafkaError.None, world.Apply(asked with { Isr = [(1, -1), (3, world.State.Brokers[3].Epoch)] }).Error);
    }

    [Fact]
    public void The_preferred_leader_takes_over_when_asked()
    {
        var world = Created();
        var elect = new ElectLeaders(false, [new TopicPartition("t", 0)]);
        Assert.Equal(KafkaError.ElectionNotNeeded, MetadataWorld.Only(world.Apply(elect)).Error);
        world.Fence(1);
        Assert.Equal(KafkaError.PreferredLeaderNotAvailable, MetadataWorld.Only(world.Apply(elect)).Error);
        world.Start(1);
        world.SetIsr("t", [1, 2]);
        Assert.Equal(2, world.Partition("t").Leader);
        Assert.Equal(MetadataResult.Done, MetadataWorld.Only(world.Apply(elect)));
        Assert.Equal((1, 2), (world.Partition("t").Leader, world.Partition("t").LeaderEpoch));
        var unknown = MetadataWorld.Only(world.Apply(new ElectLeaders(false, [new TopicPartition("t", 7)])));
        Assert.Equal(new MetadataResult(KafkaError.UnknownTopicOrPartition, "No such partition as t-7"), unknown);
    }

    [Fact]
    public void An_operator_can_elect_uncleanly_where_nobody_leads()
    {
        var world = Created();
        world.SetIsr("t", [1]);
        var elect = new ElectLeaders(true, [new TopicPartition("t", 0)]);
        Assert.Equal(KafkaError.ElectionNotNeeded, MetadataWorld.Only(world.Apply(elect)).Error);
        world.Fence(1);
        Assert.Equal(PartitionState.NoLeader, world.Partition("t").Leader);
        Assert.Equal(MetadataResult.Done, MetadataWorld.Only(world.Apply(elect)));
        Assert.Equal((2, true), (world.Partition("t").Leader, world.Partition("t").IsRecovering));
    }

    [Fact]
    public void A_replica_that_cannot_be_used_leads_no_more_and_nobody_waits_for_it()
    {
        var world = Created();
        Assert.Equal(MetadataResult.Done, GiveUp(world, 1));
        Assert.Equal((2, 1), (world.Partition("t").Leader, world.Partition("t").LeaderEpoch));
        Assert.Equal([2, 3], world.Partition("t").Isr);
        GiveUp(world, 3);
        Assert.Equal((2, 1), (world.Partition("t").Leader, world.Partition("t").LeaderEpoch));
        Assert.Equal([2], world.Partition("t").Isr);
    }

    [Fact]
    public void The_last_in_sync_leaves_nobody_leading_unless_an_unclean_election_is_allowed_or_asked_for()
    {
        var world = Created();
        world.SetIsr("t", [1]);
        GiveUp(world, 1);
        Assert.Equal((PartitionState.NoLeader, 1), (world.Partition("t").Leader, Assert.Single(world.Partition("t").Isr)));
        Assert.Equal(MetadataResult.Done, MetadataWorld.Only(world.Apply(new ElectLeaders(true, [new TopicPartition("t", 0)]))));
        Assert.Equal((2, true), (world.Partition("t").Leader, world.Partition("t").IsRecovering));
        world.State.SetConfig(ConfigResource.Topic("t"), "unclean.leader.election.enable", "true");
        GiveUp(world, 2);
        Assert.Equal((1, 1), (world.Partition("t").Leader, Assert.Single(world.Partition("t").Isr)));
    }

    [Fact]
    public void Preferred_leaders_are_to_lead_where_too_many_others_do()
    {
        var world = new MetadataWorld();
        world.Create("t", byHand: [(0, [1, 2, 3]), (1, [1, 2, 3]), (2, [1, 3, 2]), (3, [2, 1, 3])]);
        Assert.Empty(LeaderBalance.Imbalanced(world.State, 0));
        world.Fence(1);
        Assert.Empty(LeaderBalance.Imbalanced(world.State, 0));
        world.Start(1);
        // Not before they are in sync again.
        Assert.Empty(LeaderBalance.Imbalanced(world.State, 0));
        world.SetIsr("t", [1, 2, 3]);
        Assert.Equal([new TopicPartition("t", 0)], LeaderBalance.Imbalanced(world.State, 99));
        Assert.Empty(LeaderBalance.Imbalanced(world.State, 100));
        world.Apply(new ElectLeaders(false, LeaderBalance.Imbalanced(world.State, 0)));
        Assert.Equal(1, world.Partition("t").Leader);
        Assert.Empty(LeaderBalance.Imbalanced(world.State, 0));
    }

    [Fact]
    public void A_reassignment_adds_first_and_removes_when_the_new_replicas_are_in_sync()
    {
        var world = Created();
        Assert.Equal(MetadataResult.Done, Move(world, [3, 4]));
        var moving = world.Partition("t");
        Assert.Equal([3, 4, 1, 2], moving.Replicas);
        Assert.Equal([4], moving.AddingReplicas);
        Assert.Equal([1, 2], moving.RemovingReplicas);
        Assert.Equal(KafkaError.NewLeaderElected, world.SetIsr("t", [1, 2, 3, 4]).Error);
        var done = world.Partition("t");
        Assert.Equal((3, 1, false), (done.Leader, done.LeaderEpoch, done.IsReassigning));
        Assert.Equal([3, 4], done.Replicas);
        Assert.Equal([3, 4], done.Isr);
    }

    [Fact]
    public void A_reassignment_can_be_cancelled()
    {
        var world = Created();
        Assert.Equal(KafkaError.NoReassignmentInProgress, Move(world, null).Error);
        Move(world, [4, 1, 2]);
        Assert.Equal(MetadataResult.Done, Move(world, null));
        Assert.Equal([1, 2, 3], world.Partition("t").Replicas.Order());
        Assert.False(world.Partition("t").IsReassigning);
        Assert.Equal(KafkaError.InvalidReplicaAssignment, Move(world, [8]).Error);
    }

    private static MetadataWorld Created()
    {
        var world = new MetadataWorld(brokers: 4);
        world.Create("t", byHand: [(0, [1, 2, 3])]);
        return world;
    }

    private static MetadataResult GiveUp(MetadataWorld world, int broker) =>
        world.Apply(new OfflineReplica(broker, world.State.Brokers[broker].Epoch, world.State.Topics["t"].Id, 0));

    private static MetadataResult Move(MetadataWorld world, int[]? replicas) =>
        MetadataWorld.Only(world.Apply(new AlterReassignments([(new TopicPartition("t", 0), replicas)])));
}
