using Microcosm.Runtime;

namespace Microcosm.Kafka.Tests.Sim;

/// <summary>Bugs planted in the group coordinator, each with the check that finds it; without the bug the check is silent.</summary>
public sealed class PlantedGroupBugs
{
    [Fact]
    public void A_commit_from_an_old_generation_is_found() => Finds("kafka/commit-from-an-old-generation", world =>
    {
        var old = Stable(world, null);
        world.Join();
        var again = world.Join(old.MemberId).Value;
        world.Sync(again);
        return world.Commit(4, old).Value == KafkaError.None;
    });

    [Fact]
    public void A_static_member_that_is_not_fenced_is_found() => Finds("kafka/static-member-not-fenced", world =>
    {
        var old = Stable(world, "i");
        world.Join(instance: "i");
        return world.Heartbeat(old, "i") != KafkaError.FencedInstanceId;
    });

    [Fact]
    public void An_assignment_told_before_it_is_committed_is_found() => Finds("kafka/sync-answered-before-commit", world =>
    {
        var joined = world.Join().Value;
        world.HoldsWrites = true;
        var synced = world.Sync(joined, null, (joined.MemberId, "a"));
        world.HoldsWrites = false;
        world.Failover();
        return synced.Value.Error == KafkaError.None && world.Describe().Members.Count == 0;
    });

    private static JoinResult Stable(GroupWorld world, string? instance)
    {
        var joined = world.Join(instance: instance).Value;
        world.Sync(joined, instance, (joined.MemberId, "a"));
        return joined;
    }

    private static void Finds(string bug, Func<GroupWorld, bool> isWrong)
    {
        Assert.False(isWrong(new GroupWorld()));
        using (Bug.Plant(bug))
            Assert.True(isWrong(new GroupWorld()));
    }
}
