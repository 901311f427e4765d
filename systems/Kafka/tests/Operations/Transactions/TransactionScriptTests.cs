namespace Microcosm.Kafka.Tests.Operations.Transactions;

/// <summary>Requests of transactions, as they are sent: what brokers refuse, and what readers see.</summary>
public sealed class TransactionScriptTests
{
    [Fact]
    public async Task Readers_of_committed_data_wait_for_the_end_and_learn_what_was_aborted()
    {
        await using var world = await TransactionClient.StartAsync();
        await using var client = new TransactionClient(world);
        await client.CreateAsync("t");
        Assert.Equal(KafkaError.None, await client.InitAsync());
        foreach (var (commit, sequence) in new[] { (true, 0), (false, 1) })
        {
            Assert.Equal(KafkaError.None, await client.AddAsync("t", 0));
            Assert.Equal(KafkaError.None, await client.ProduceAsync("t", sequence));
            Assert.Equal(sequence == 0 ? [] : ["0:k=0", "1:marker"], await client.ReadAsync("t", isCommitted: true));
            Assert.Contains($"{sequence * 2}:k={sequence}", await client.ReadAsync("t", isCommitted: false));
            Assert.Equal(KafkaError.None, await client.EndAsync(commit));
            await client.UntilAsync(commit ? "CompleteCommit" : "CompleteAbort");
        }
        Assert.Equal(["0:k=0", "1:marker", "2:k=1", "3:marker", "aborted from 2"], await client.ReadAsync("t", isCommitted: true));
        Assert.Equal(["0:k=0", "1:marker", "2:k=1", "3:marker"], await client.ReadAsync("t", isCommitted: false));
    }

    [Theory]
    [InlineData(10, "INVALID_TXN_STATE")]
    [InlineData(11, "TRANSACTION_ABORTABLE")]
    public async Task A_batch_for_a_partition_that_was_not_added_is_refused(short version, string error)
    {
        Assert.True(KafkaErrors.TryParse(error, out var expected));
        await using var world = await TransactionClient.StartAsync();
        await using var client = new TransactionClient(world);
        await client.CreateAsync("t", 1, 1);
        await client.InitAsync();
        Assert.Equal(expected, await client.ProduceAsync("t", 0, version));
        await client.AddAsync("t", 1);
        Assert.Equal(expected, await client.ProduceAsync("t", 0, version));
        Assert.Equal(KafkaError.None, await client.ProduceAsync("t", 0, version, partition: 1));
        Assert.Empty(await client.ReadAsync("t", isCommitted: false));
    }

    [Fact]
    public async Task From_version_12_on_a_batch_adds_its_partition_and_each_transaction_has_its_epoch()
    {
        await using var world = await TransactionClient.StartAsync(nodes: 3);
        await using var client = new TransactionClient(world);
        await client.CreateAsync("t", 1, 2, 3);
        await client.InitAsync();
        var first = client.Producer;
        for (var partition = 0; partition < 3; partition++)
            Assert.Equal(KafkaError.None, await client.ProduceAsync("t", 0, version: 12, partition, leader: partition + 1));
        Assert.Equal(KafkaError.None, await client.EndAsync(commit: true, version: 5));
        Assert.Equal(first with { ProducerEpoch = (short)(first.ProducerEpoch + 1) }, client.Producer);
        for (var partition = 0; partition < 3; partition++)
            Assert.Equal(KafkaError.None, await client.ProduceAsync("t", 0, version: 12, partition, leader: partition + 1));
        Assert.Equal(KafkaError.None, await client.EndAsync(commit: false, version: 5));
        await client.UntilAsync("CompleteAbort");
        for (var partition = 0; partition < 3; partition++)
        {
            Assert.Equal(["0:k=0", "1:marker", "2:k=0", "3:marker", "aborted from 2"],
                await client.ReadAsync("t", isCommitted: true, partition, leader: partition + 1));
        }
    }

    [Fact]
    public async Task A_batch_of_a_transaction_without_its_id_is_refused()
    {
        await using var world = await TransactionClient.StartAsync();
        await using var client = new TransactionClient(world);
        await client.CreateAsync("t");
        await client.InitAsync();
        await client.AddAsync("t", 0);
        Assert.Equal(KafkaError.TransactionalIdAuthorizationFailed, await client.ProduceAsync("t", 0, transactionalId: null));
        Assert.Equal(KafkaError.InvalidProducerIdMapping, await client.ProduceAsync("t", 0, transactionalId: "other"));
        Assert.Equal(KafkaError.None, await client.ProduceAsync("t", 0));
    }

    [Fact]
    public async Task A_producer_whose_id_another_took_is_fenced_everywhere()
    {
        await using var world = await TransactionClient.StartAsync();
        await using var old = new TransactionClient(world);
        await using var young = new TransactionClient(world);
        await old.CreateAsync("t", 1, 1);
        await old.InitAsync();
        await old.AddAsync("t", 0);
        await old.ProduceAsync("t", 0);
        Assert.Equal(KafkaError.None, await young.InitAsync());
        Assert.Equal(KafkaError.InvalidProducerEpoch, await old.ProduceAsync("t", 1));
        Assert.Equal(KafkaError.InvalidProducerEpoch, await old.ProduceAsync("t", 0, partition: 1));
        Assert.Equal(KafkaError.ProducerFenced, await old.AddAsync("t", 1));
        Assert.Equal(KafkaError.ProducerFenced, await old.EndAsync(commit: true));
        Assert.Equal(["0:k=0", "1:marker", "aborted from 0"], await young.ReadAsync("t", isCommitted: true));
    }

    [Fact]
    public async Task A_transaction_that_takes_too_long_is_aborted()
    {
        await using var world = await TransactionClient.StartAsync();
        await using var client = new TransactionClient(world);
        await client.CreateAsync("t");
        await client.InitAsync(timeoutMs: 60_000);
        await client.AddAsync("t", 0);
        await client.ProduceAsync("t", 0);
        Assert.Equal("Ongoing", await client.StateAsync());
        world.Clock.Advance(TimeSpan.FromSeconds(61));
        await client.UntilAsync("CompleteAbort");
        Assert.Equal(["0:k=0", "1:marker", "aborted from 0"], await client.ReadAsync("t", isCommitted: true));
        Assert.Equal(KafkaError.ProducerFenced, await client.EndAsync(commit: true));
    }
}
