namespace Microcosm.Kafka.Tests.Core;

/// <summary>Registering, fencing and shutting down brokers, and who leads then.</summary>
public sealed class MetadataBrokers
{
    [Fact]
    public void A_new_broker_is_fenced_and_its_epoch_is_the_commands_index()
    {
        var world = new MetadataWorld(brokers: 0);
        var registered = Assert.IsType<NumberResult>(world.Register(7));
        Assert.Equal(1, registered.Value);
        Assert.True(world.State.Brokers[7].IsFenced);
    }

    [Fact]
    public void The_same_incarnation_gets_its_epoch_again_and_another_is_refused_until_the_first_is_fenced()
    {
        var world = new MetadataWorld(brokers: 1);
        var first = world.State.Brokers[1];
        var again = world.Apply(new RegisterBroker(1, first.IncarnationId, null, first.Endpoints));
        Assert.Equal(first.Epoch, Assert.IsType<NumberResult>(again).Value);
        Assert.Equal(KafkaError.DuplicateBrokerRegistration, world.Register(1).Error);
        world.Fence(1);
        Assert.True(Assert.IsType<NumberResult>(world.Register(1)).Value > first.Epoch);
    }

    [Fact]
    public void A_command_for_an_older_registration_is_stale()
    {
        var world = new MetadataWorld(brokers: 1);
        var old = world.State.Brokers[1].Epoch;
        world.Fence(1);
        world.Start(1);
        Assert.Equal(KafkaError.StaleBrokerEpoch, world.Apply(new ChangeBroker(1, old, BrokerTransition.Fence)).Error);
        Assert.Equal(KafkaError.BrokerIdNotRegistered, world.Apply(new ChangeBroker(9, old, BrokerTransition.Fence)).Error);
        Assert.False(world.State.Brokers[1].IsFenced);
    }

    [Fact]
    public void When_the_leader_is_fenced_the_first_live_member_of_the_ISR_leads_in_a_new_epoch()
    {
        var world = new MetadataWorld();
        world.Create("t", byHand: [(0, [2, 3, 1])]);
        world.Fence(2);
        var after = world.Partition("t");
        Assert.Equal((3, 1, 1), (after.Leader, after.LeaderEpoch, after.PartitionEpoch));
        Assert.Equal([3, 1], after.Isr);
    }

    [Fact]
    public void The_last_member_of_an_ISR_stays_in_it_and_leads_again_when_it_is_back()
    {
        var world = new MetadataWorld();
        world.Create("t", byHand: [(0, [1, 2])]);
        world.Fence(2);
        world.Fence(1);
        Assert.Equal(PartitionState.NoLeader, world.Partition("t").Leader);
        Assert.Equal([1], world.Partition("t").Isr);
        world.Start(2);
        Assert.Equal(PartitionState.NoLeader, world.Partition("t").Leader);
        world.Start(1);
        Assert.Equal(1, world.Partition("t").Leader);
    }

    [Fact]
    public void With_unclean_election_a_replica_outside_the_ISR_leads_and_must_recover()
    {
        var world = new MetadataWorld();
        world.Create("t", byHand: [(0, [1, 2])], configs: [(TopicConfigs.UncleanElection, "true")]);
        world.Fence(2);
        world.Fence(1);
        world.Start(2);
        var after = world.Partition("t");
        Assert.Equal((2, true), (after.Leader, after.IsRecovering));
        Assert.Equal([2], after.Isr);
        Assert.Equal(KafkaError.None, world.SetIsr("t", [2]).Error);
        Assert.False(world.Partition("t").IsRecovering);
        Assert.Equal(KafkaError.InvalidRequest, world.SetIsr("t", [2], isRecovering: true).Error);
    }

    [Fact]
    public void Who_shuts_down_gives_away_what_others_can_lead_and_keeps_the_rest_until_it_is_fenced()
    {
        var world = new MetadataWorld();
        world.Create("shared", byHand: [(0, [1, 2])]);
        world.Create("alone", byHand: [(0, [1])]);
        world.Change(1, BrokerTransition.ShutDown);
        Assert.Equal(2, world.Partition("shared").Leader);
        Assert.Equal(1, world.Partition("alone").Leader);
        world.Fence(1);
        Assert.Equal(PartitionState.NoLeader, world.Partition("alone").Leader);
        Assert.Equal(KafkaError.None, world.Change(1, BrokerTransition.Unfence).Error);
        Assert.True(world.State.Brokers[1].IsFenced);
    }

    [Fact]
    public void Blocks_of_producer_ids_do_not_overlap()
    {
        var world = new MetadataWorld(brokers: 2);
        var blocks = new[] { 1, 2, 1 }
            .Select(b => Assert.IsType<NumberResult>(world.Apply(new AllocateProducerIds(b, world.State.Brokers[b].Epoch))).Value);
        Assert.Equal([0, 1000, 2000], blocks);
        Assert.Equal(KafkaError.StaleBrokerEpoch, world.Apply(new AllocateProducerIds(1, 99)).Error);
    }
}
