namespace Microcosm.Kafka.Tests;

/// <summary>What time does: timeouts, expiry; and what DescribeTransactions and ListTransactions show.</summary>
public sealed class TransactionTimeTests
{
    private const long IdExpirationMs = 7L * 24 * 60 * 60 * 1000;

    private readonly TransactionWorld _world = new();

    [Fact]
    public void A_transaction_that_takes_too_long_is_aborted_and_its_producer_fenced()
    {
        var producer = _world.Init(timeout: 10_000).Value;
        _world.Add(producer, TransactionWorld.On(0));
        _world.Advance(9_000);
        _world.Add(producer, TransactionWorld.On(1));
        _world.Advance(999);
        Assert.Equal(TransactionState.Ongoing, _world.StateOf());
        _world.Advance(1);
        Assert.Equal(TransactionState.CompleteAbort, _world.StateOf());
        var markers = Assert.Single(_world.Markers);
        Assert.Equal((false, (short)1), (markers.IsCommit, markers.ProducerEpoch));
        Assert.Equal(TransactionWorld.On(0, 1), markers.Partitions);
        Assert.Equal(KafkaError.ProducerFenced, _world.Add(producer, TransactionWorld.On(0)).Value);
        Assert.Equal(KafkaError.ProducerFenced, _world.End(producer, commit: true).Value.Error);
    }

    [Fact]
    public void The_timeout_counts_on_after_a_change_of_the_coordinator()
    {
        var producer = _world.Init(timeout: 10_000).Value;
        _world.Add(producer, TransactionWorld.On(0));
        _world.Advance(8_000);
        _world.Failover();
        _world.Advance(2_000);
        Assert.Equal(TransactionState.CompleteAbort, _world.StateOf());
    }

    [Fact]
    public void A_decided_transaction_does_not_time_out()
    {
        _world.HoldsMarkers = true;
        var producer = _world.Init(timeout: 10_000).Value;
        _world.Add(producer, TransactionWorld.On(0));
        _world.End(producer, commit: true);
        _world.Advance(IdExpirationMs * 2);
        Assert.Equal(TransactionState.PrepareCommit, _world.StateOf());
    }

    [Fact]
    public void An_id_that_nobody_uses_expires_by_a_tombstone()
    {
        var producer = _world.Init().Value;
        _world.Advance(IdExpirationMs - 1);
        Assert.Equal(TransactionState.Empty, _world.StateOf());
        _world.Advance(1);
        Assert.Equal(KafkaError.TransactionalIdNotFound, _world.Shard.Describe("t").Error);
        Assert.Null(_world.Log[^1].Value);
        Assert.Equal(KafkaError.InvalidProducerIdMapping, _world.Add(producer, TransactionWorld.On(0)).Value);
        _world.Failover();
        Assert.Equal(KafkaError.TransactionalIdNotFound, _world.Shard.Describe("t").Error);
        Assert.NotEqual(producer.ProducerId, _world.Init(producer).Value.ProducerId);
    }

    [Fact]
    public void An_id_whose_tombstone_is_being_written_lets_the_client_wait()
    {
        _world.Init();
        _world.HoldsWrites = true;
        _world.Advance(IdExpirationMs);
        Assert.Equal(KafkaError.ConcurrentTransactions, _world.Init().Value.Error);
        _world.Finish(KafkaError.None, isAppended: true);
        _world.HoldsWrites = false;
        Assert.Equal(0, _world.Init().Value.ProducerEpoch);
    }

    [Fact]
    public void A_transaction_is_described()
    {
        var producer = _world.Init(timeout: 7_000).Value;
        _world.Advance(5);
        _world.Add(producer, TransactionWorld.On(3, 1));
        var shown = _world.Describe();
        Assert.Equal((TransactionState.Ongoing, producer.ProducerId, (short)0, 7_000, _world.Now),
            (shown.State, shown.ProducerId, shown.ProducerEpoch, shown.TimeoutMs, shown.StartMs));
        Assert.Equal(TransactionWorld.On(1, 3), shown.Partitions);
        Assert.Equal(KafkaError.InvalidRequest, _world.Shard.Describe("").Error);
    }

    [Fact]
    public void Transactions_are_listed_by_state_producer_and_duration()
    {
        var idle = _world.Init(id: "idle").Value;
        var busy = _world.Init(id: "busy").Value;
        _world.Add(busy, TransactionWorld.On(0), id: "busy");
        _world.Advance(1_000);
        Assert.Equal(["busy", "idle"], List([], []));
        Assert.Equal(["busy"], List(["Ongoing"], []));
        Assert.Equal(["idle"], List([], [idle.ProducerId]));
        Assert.Equal(["busy", "idle"], List([], [], durationMs: 999));
        Assert.Equal(["idle"], List([], [], durationMs: 1_000));
        var unknown = _world.Shard.List(new TransactionFilter(["1", "ongoing", "PrepareEpochFence"], []), _world.Now);
        Assert.Equal(["1", "ongoing"], unknown.UnknownStates);
        Assert.Empty(unknown.Transactions);
    }

    private IEnumerable<string> List(string[] states, long[] producerIds, long durationMs = -1) =>
        _world.Shard.List(new TransactionFilter(states, producerIds, durationMs), _world.Now)
            .Transactions.Select(one => one.TransactionalId);
}
