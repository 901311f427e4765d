using Microcosm.Runtime;

namespace Microcosm.Kafka.Tests.Sim;

/// <summary>Bugs planted in the transaction coordinator are found by random producers, and none is found where none is planted.</summary>
public sealed class PlantedTransactionBugs
{
    private const ulong Seeds = 300;

    [Theory]
    [InlineData("kafka/markers-forgotten-after-load")]
    [InlineData("kafka/abort-without-a-new-epoch")]
    [InlineData("kafka/transaction-answered-before-commit")]
    [InlineData("kafka/completed-at-the-first-marker")]
    [InlineData("kafka/marker-of-another-transaction-counts")]
    [InlineData("kafka/old-epoch-adds-partitions")]
    public void A_planted_bug_is_found(string bug)
    {
        using var planted = Bug.Plant(bug);
        Assert.True(Finds());
    }

    [Fact]
    public void Without_a_bug_nothing_is_found() => Assert.False(Finds());

    private static bool Finds()
    {
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            if (IsWrong(seed))
                return true;
        }

        return false;
    }

    private static bool IsWrong(ulong seed)
    {
        var producers = new RandomProducers(seed);
        try
        {
            for (var step = 0; step < 400; step++)
                producers.Step();
            return producers.Settle().Count > 0;
        }
        catch (InvariantException)
        {
            return true;
        }
    }
}
