namespace Microcosm.Kafka.Tests;

/// <summary>Random consumers: no partition is read twice, each is read in the end, and the records tell all of it.</summary>
public sealed class ConsumerWalkTests
{
    [Fact]
    public void Random_consumers_never_share_a_partition_and_read_them_all_in_the_end()
    {
        var epochs = 0;
        for (ulong seed = 0; seed < 150; seed++)
        {
            var walk = new ConsumerWalk(seed);
            for (var step = 0; step < 150; step++)
                walk.Step();
            walk.Settle();
            epochs += walk.World.Consumers.Epoch;
        }

        Assert.True(epochs > 3_000, $"only {epochs} epochs: the walk says little");
    }

    [Fact]
    public void The_records_replayed_give_the_same_state_after_each_step()
    {
        for (ulong seed = 0; seed < 30; seed++)
        {
            var walk = new ConsumerWalk(seed);
            for (var step = 0; step < 100; step++)
            {
                walk.Step();
                var before = walk.World.State();
                walk.World.Failover();
                Assert.Equal(before, walk.World.State());
            }

            walk.Settle();
        }
    }

    [Fact]
    public void The_last_record_of_each_key_gives_the_same_state()
    {
        for (ulong seed = 0; seed < 60; seed++)
        {
            var walk = new ConsumerWalk(seed);
            for (var step = 0; step < 150; step++)
                walk.Step();
            var before = walk.World.State();
            var last = walk.World.Log.GroupBy(one => Convert.ToHexString(one.Record.Key)).Select(records => records.Last()).ToHashSet();
            walk.World.Log.RemoveAll(one => !last.Contains(one));
            walk.World.Failover();
            Assert.Equal(before, walk.World.State());
        }
    }
}
