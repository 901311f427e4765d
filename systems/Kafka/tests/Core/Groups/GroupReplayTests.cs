namespace Microcosm.Kafka.Tests;

/// <summary>Random clients: whatever they do, the written records give the same state to the next coordinator.</summary>
public sealed class GroupReplayTests
{
    [Fact]
    public void The_records_of_random_operations_replayed_give_the_same_state()
    {
        var stable = 0;
        for (ulong seed = 0; seed < 200; seed++)
        {
            var clients = new RandomClients(seed);
            for (var step = 0; step < 150; step++)
                clients.Step();
            clients.Settle();
            stable += clients.World.Describe().State == "Stable" ? 1 : 0;
            var before = clients.World.State();
            clients.World.Failover();
            Assert.Equal(before, clients.World.State());
        }

        Assert.True(stable > 100, $"only {stable} of 200 groups became stable: the property says little");
    }

    [Fact]
    public void Random_clients_that_lose_their_coordinator_find_a_stable_group_again()
    {
        for (ulong seed = 0; seed < 100; seed++)
        {
            var clients = new RandomClients(seed);
            for (var step = 0; step < 100; step++)
            {
                clients.Step();
                if (step % 9 == (int)(seed % 9))
                    clients.World.Failover();
            }

            clients.Settle();
            Assert.Contains(clients.World.Describe().State, new[] { "Stable", "Empty", "Dead" });
        }
    }
}
