namespace Microcosm.Kafka.Tests;

/// <summary>Random producers: whatever they do, the committed records give the same state to the next coordinator.</summary>
public sealed class TransactionReplayTests
{
    [Fact]
    public void The_committed_records_replayed_give_the_same_state_after_each_step()
    {
        for (ulong seed = 0; seed < 40; seed++)
        {
            var producers = new RandomProducers(seed);
            for (var step = 0; step < 150; step++)
            {
                producers.Step();
                Assert.Equal(producers.World.State(), producers.World.ReplayedState());
            }
        }
    }

    [Fact]
    public void Random_producers_find_their_transactions_atomic_and_none_hanging()
    {
        var committed = 0;
        for (ulong seed = 0; seed < 300; seed++)
        {
            var producers = new RandomProducers(seed);
            for (var step = 0; step < 400; step++)
                producers.Step();
            Assert.Empty(producers.Settle());
            committed += producers.Committed;
        }

        Assert.True(committed > 500, $"only {committed} transactions were committed: the property says little");
    }
}
