namespace Microcosm.Kafka.Tests.Operations.Transactions;

/// <summary>A decided transaction is carried through, whoever dies.</summary>
public sealed class CoordinatorFailureTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Another_coordinator_writes_the_markers_of_one_that_died_before_it_could(bool commit)
    {
        await using var world = await TransactionClient.StartAsync(nodes: 3);
        await using var client = new TransactionClient(world);
        var coordinator = await client.CoordinatorOfAsync(TransactionClient.Id, 1);
        var leader = coordinator % 3 + 1;
        var third = leader % 3 + 1;
        await client.CreateAsync("t", leader, third);
        await client.InitAsync();
        await client.AddAsync("t", 0, 1);
        Assert.Equal(KafkaError.None, await client.ProduceAsync("t", 0, partition: 0, leader: leader));
        Assert.Equal(KafkaError.None, await client.ProduceAsync("t", 0, partition: 1, leader: third));

        await world.Node($"kafka-{leader}").KillAsync();
        Assert.Equal(KafkaError.None, await client.EndAsync(commit, ask: coordinator));
        Assert.Equal(commit ? "PrepareCommit" : "PrepareAbort", await client.StateAsync(ask: coordinator));
        await world.Node($"kafka-{coordinator}").KillAsync();
        await world.Node($"kafka-{leader}").RestartAsync(TestContext.Current.CancellationToken);

        await client.UntilAsync(commit ? "CompleteCommit" : "CompleteAbort", ask: third);
        // A coordinator that cannot write that it is done gives its markers again.
        string[] expected = commit ? ["0:k=0"] : ["0:k=0", "aborted from 0"];
        foreach (var (partition, at) in new[] { (0, leader), (1, third) })
        {
            var read = await client.ReadAsync("t", isCommitted: true, partition, at);
            Assert.Equal(expected, read.Where(r => !r.EndsWith(":marker", StringComparison.Ordinal)));
            Assert.Equal("1:marker", read[1]);
        }
        Assert.Equal(KafkaError.None, await client.InitAsync(ask: third));
    }
}
