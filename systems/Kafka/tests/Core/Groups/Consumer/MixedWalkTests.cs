namespace Microcosm.Kafka.Tests;

/// <summary>Random consumers of both protocols in one group: no partition is read twice, each is read in the end, and the records tell all
/// of it.</summary>
public sealed class MixedWalkTests
{
    [Fact]
    public void Consumers_of_both_protocols_never_share_a_partition_and_read_them_all_in_the_end()
    {
        var changes = 0;
        for (ulong seed = 0; seed < 150; seed++)
        {
            var walk = new MixedWalk(seed);
            for (var step = 0; step < 200; step++)
                walk.Step();
            walk.Settle();
            changes += walk.Changes;
        }

        Assert.True(changes > 150, $"only {changes} changes of kind: the walk says little");
    }

    [Fact]
    public void A_group_whose_members_all_speak_one_protocol_is_of_that_kind_in_the_end()
    {
        for (ulong seed = 0; seed < 60; seed++)
        {
            var walk = new MixedWalk(seed);
            for (var step = 0; step < 100; step++)
                walk.Step();
            walk.SettleAs(isClassic: true);
            Assert.IsType<ClassicGroup>(walk.World.Shard.Groups.Single());
            walk.SettleAs(isClassic: false);
            Assert.Equal("Stable", walk.World.Consumers.StateName);
        }
    }

    [Fact]
    public void The_records_replayed_give_the_same_state_after_each_step()
    {
        for (ulong seed = 0; seed < 40; seed++)
        {
            var walk = new MixedWalk(seed);
            for (var step = 0; step < 100; step++)
            {
                walk.Step();
                // What a classic group does between its records is in no log.
                if (walk.World.Shard.Groups.SingleOrDefault() is ClassicGroup { State: not ClassicGroupState.Stable })
                    continue;
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
            var walk = new MixedWalk(seed);
            for (var step = 0; step < 150; step++)
                walk.Step();
            walk.Settle();
            var before = walk.World.State();
            var last = walk.World.Log.GroupBy(one => Convert.ToHexString(one.Record.Key)).Select(records => records.Last()).ToHashSet();
            walk.World.Log.RemoveAll(one => !last.Contains(one));
            walk.World.Failover();
            Assert.Equal(before, walk.World.State());
        }
    }
}
