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
    public void A_group_that_changes_its_kind_and_gives_out_what_is_still_read_is_found()
    {
        Assert.Null(WalkMixed());
        using (Bug.Plant("kafka/migration-to-targets"))
            Assert.Equal("Invariant violated: two members read one partition", WalkMixed());
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

    private static string? Walk() => Walk(seed => new ConsumerWalk(seed).Step, seeds: 40, steps: 100);

    private static string? WalkMixed() => Walk(seed => new MixedWalk(seed).Step, seeds: 200, steps: 200);

    /// <summary>What the first walk that finds something says is violated.</summary>
    private static string? Walk(Func<ulong, Action> walk, ulong seeds, int steps)
    {
        try
        {
            for (ulong seed = 0; seed < seeds; seed++)
            {
                var step = walk(seed);
                for (var i = 0; i < steps; i++)
                    step();
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
