using Microcosm.Kafka.Tests.Core;
using Microcosm.Runtime;

namespace Microcosm.Kafka.Tests.Sim;

/// <summary>Bugs planted in the metadata's rules are found by random commands, and none is found where none is planted.</summary>
public sealed class MetadataPlantedBugs
{
    [Theory]
    [InlineData("kafka/unclean-election-though-disabled")]
    [InlineData("kafka/isr-change-of-an-old-leader")]
    [InlineData("kafka/leader-epoch-kept-at-election")]
    public void A_planted_bug_is_found(string bug)
    {
        using var planted = Bug.Plant(bug);
        Assert.Contains(Enumerable.Range(1, 30), IsWrong);
    }

    [Fact]
    public void Without_a_bug_nothing_is_found() => Assert.DoesNotContain(Enumerable.Range(1, 30), IsWrong);

    private static bool IsWrong(int seed)
    {
        var walk = new MetadataWalk(seed);
        try
        {
            for (var step = 0; step < 250; step++)
                walk.Step();
            walk.World.State.CheckInvariants();
        }
        catch (InvariantException)
        {
            return true;
        }
        return walk.StaleAccepted + walk.UncleanLeaders > 0;
    }
}
