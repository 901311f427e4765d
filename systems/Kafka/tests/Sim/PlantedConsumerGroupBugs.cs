using Microcosm.Runtime;

namespace Microcosm.Kafka.Tests.Sim;

/// <summary>Bugs planted in consumer groups, each found by random consumers or by a script; without the bug both are silent.</summary>
public sealed class PlantedConsumerGroupBugs
{
    [Theory]
    [InlineData("kafka/partition-given-before-released", "a partition is held by two members")]
    [InlineData("kafka/revocation-not-awaited", "two members read one partition")]
    public void Random_consumers_find(string bug, string violated)
    {
        Assert.Null(Walk());
        using (Bug.Plant(bug))
            Assert.Equal("Invariant violated: " + violated, Walk());
    }

    [Fact]
    public void An_epoch_that_fences_nobody_is_found() => Finds("kafka/member-epoch-not-fenced", world =>
    {
        var (consumer, zombie) = (new TestConsumer(world, "a"), new TestConsumer(world, "a") { Epoch = 7 });
        consumer.Beat();
        return zombie.Beat() == KafkaError.None;
    });

    [Fact]
    public void An_assignment_told_before_it_is_committed_is_found() => Finds("kafka/heartbeat-answered-before-commit", world =>
    {
        var consumer = new TestConsumer(world, "a");
        world.HoldsWrites = true;
        consumer.Beat();
        world.HoldsWrites = false;
        world.Failover();
        return consumer.Reads.Count > 0 && !world.Shard.Groups.Any();
    });

    [Fact]
    public void A_commit_from_a_stale_epoch_is_found() => Finds("kafka/stale-member-commits", world =>
    {
        var consumer = new TestConsumer(world, "a");
        consumer.Beat();
        consumer.Epoch = 0;
        return consumer.Commit(5) == KafkaError.None;
    });

    /// <summary>What the first walk that finds something says is violated.</summary>
    private static string? Walk()
    {
        try
        {
            for (ulong seed = 0; seed < 40; seed++)
            {
                var walk = new ConsumerWalk(seed);
                for (var step = 0; step < 100; step++)
                    walk.Step();
            }
        }
        catch (InvariantException e)
        {
            return e.Message;
        }

        return null;
    }

    private static void Finds(string bug, Func<GroupWorld, bool> isWrong)
    {
        Assert.False(isWrong(World()));
        using (Bug.Plant(bug))
            Assert.True(isWrong(World()));

        static GroupWorld World()
        {
            var world = new GroupWorld();
            world.Topics.Set("t", 1);
            return world;
        }
    }
}
