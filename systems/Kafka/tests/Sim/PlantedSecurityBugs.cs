using Microcosm.Kafka.Tests.Core;
using Microcosm.Runtime;

namespace Microcosm.Kafka.Tests.Sim;

/// <summary>Bugs planted in the authorizer, quotas and fetch sessions, each with the check that finds it.</summary>
public sealed class PlantedSecurityBugs
{
    [Theory]
    [InlineData("kafka/acl-denial-does-not-win")]
    [InlineData("kafka/acls-not-followed")]
    public void A_wrong_decision_is_found(string bug) => Finds(bug, seed =>
    {
        var walk = new AuthorizerWalk(seed);
        for (var step = 0; step < 200; step++)
            walk.Step();
        return walk.Wrong > 0;
    });

    [Fact]
    public void A_partition_of_which_a_client_knows_something_wrong_is_found() =>
        Finds("kafka/fetch-session-hides-the-end-of-an-error", seed =>
        {
            var walk = new FetchClientWalk((ulong)seed);
            for (var step = 0; step < 300; step++)
                walk.Step();
            return walk.Wrong > 0;
        });

    [Fact]
    public void A_follower_that_does_not_say_where_it_is_is_found() => Finds("kafka/follower-does-not-say-where-it-is", seed =>
    {
        var walk = new FollowerWalk((ulong)seed);
        for (var step = 0; step < 300; step++)
            walk.Step();
        return walk.Wrong > 0;
    });

    [Fact]
    public void A_default_that_is_passed_over_is_found() => Finds("kafka/default-user-quota-ignored", _ =>
    {
        var world = new QuotaWorld();
        world.Set(null, "", "producer_byte_rate", 1);
        world.Set("", null, "producer_byte_rate", 2);
        return world.Table.Find(ClientQuotaType.Produce, "ann", "app") != ("ann", "", 1.0);
    });

    [Fact]
    public void A_rate_that_forgets_nothing_is_found() => Finds("kafka/rate-forgets-nothing", _ =>
    {
        var rate = new RateWindow(11, 1_000);
        rate.Record(1_000_000, 0);
        return rate.ThrottleMs(1, 60_000) > 0;
    });

    private static void Finds(string bug, Func<int, bool> isWrong)
    {
        Assert.DoesNotContain(Enumerable.Range(1, 10), seed => isWrong(seed));
        using (Bug.Plant(bug))
            Assert.Contains(Enumerable.Range(1, 10), seed => isWrong(seed));
    }
}
