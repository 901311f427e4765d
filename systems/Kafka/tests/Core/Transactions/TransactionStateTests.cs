namespace Microcosm.Kafka.Tests;

/// <summary>The way of a transaction through its states.</summary>
public sealed class TransactionStateTests
{
    private readonly TransactionWorld _world = new();

    [Fact]
    public void A_transaction_goes_from_empty_to_complete()
    {
        _world.HoldsMarkers = true;
        var producer = _world.Init().Value;
        Assert.Equal((KafkaError.None, TransactionState.Empty), (producer.Error, _world.StateOf()));
        Assert.Equal(0, producer.ProducerEpoch);
        Assert.Equal(KafkaError.None, _world.Add(producer, TransactionWorld.On(0, 2)).Value);
        Assert.Equal(TransactionState.Ongoing, _world.StateOf());
        Assert.Equal(KafkaError.None, _world.End(producer, commit: true).Value.Error);
        Assert.Equal(TransactionState.PrepareCommit, _world.StateOf());
        var markers = Assert.Single(_world.Markers);
        Assert.True(markers.IsCommit);
        Assert.Equal(TransactionWorld.On(0, 2), markers.Partitions);
        Assert.Equal((producer.ProducerId, (short)0, 1), (markers.ProducerId, markers.ProducerEpoch, markers.CoordinatorEpoch));
        _world.Written(markers, TransactionWorld.On(0));
        Assert.Equal(TransactionState.PrepareCommit, _world.StateOf());
        Assert.Equal(TransactionWorld.On(2), _world.Describe().Partitions);
        _world.Written(markers, TransactionWorld.On(2));
        Assert.Equal(TransactionState.CompleteCommit, _world.StateOf());
        Assert.Empty(_world.Describe().Partitions);
    }

    [Fact]
    public void An_abort_gives_abort_markers_and_the_next_transaction_starts_anew()
    {
        var producer = _world.Init().Value;
        _world.Add(producer, TransactionWorld.On(1));
        _world.End(producer, commit: false);
        Assert.False(Assert.Single(_world.Markers).IsCommit);
        Assert.Equal(TransactionState.CompleteAbort, _world.StateOf());
        _world.Advance(5_000);
        _world.Add(producer, TransactionWorld.On(3));
        Assert.Equal(_world.Now, _world.Describe().StartMs);
        Assert.Equal(TransactionWorld.On(3), _world.Describe().Partitions);
    }

    [Fact]
    public void Nothing_is_answered_before_its_record_is_committed()
    {
        _world.HoldsWrites = true;
        var init = _world.Init();
        Assert.False(init.IsHere);
        Assert.Equal(KafkaError.TransactionalIdNotFound, _world.Shard.Describe("t").Error);
        Assert.Equal(KafkaError.ConcurrentTransactions, _world.Init().Value.Error);
        _world.Finish(KafkaError.None, isAppended: true);
        var add = _world.Add(init.Value, TransactionWorld.On(0));
        Assert.False(add.IsHere);
        Assert.Equal(KafkaError.ConcurrentTransactions, _world.Add(init.Value, TransactionWorld.On(0)).Value);
        Assert.Equal(KafkaError.ConcurrentTransactions, _world.End(init.Value, commit: true).Value.Error);
        Assert.Equal([KafkaError.TransactionAbortable], _world.Verify(init.Value, TransactionWorld.On(0)));
        _world.Finish(KafkaError.None, isAppended: true);
        Assert.Equal(KafkaError.None, add.Value);
        var end = _world.End(init.Value, commit: true);
        Assert.Empty(_world.Markers);
        _world.Finish(KafkaError.None, isAppended: true);
        Assert.Equal(KafkaError.None, end.Value.Error);
    }

    [Fact]
    public void A_failed_write_ends_the_shard()
    {
        var producer = _world.Init().Value;
        _world.HoldsWrites = true;
        var add = _world.Add(producer, TransactionWorld.On(0));
        _world.Finish(KafkaError.NotEnoughReplicas, isAppended: false);
        Assert.Equal(KafkaError.NotCoordinator, add.Value);
        Assert.True(_world.Shard.MustReload);
        Assert.Equal(KafkaError.NotCoordinator, _world.Init().Value.Error);
        Assert.Equal(KafkaError.NotCoordinator, _world.Shard.List(new TransactionFilter([], []), _world.Now).Error);
    }

    [Fact]
    public void A_shard_that_is_unloaded_answers_who_waits()
    {
        _world.HoldsWrites = true;
        var init = _world.Init();
        _world.Failover();
        Assert.Equal(KafkaError.NotCoordinator, init.Value.Error);
    }

    [Fact]
    public void A_shard_that_is_not_loaded_says_so()
    {
        var shard = new TransactionShard(new TransactionOptions(), 1, () => 1);
        var init = new Answer<ProducerResult>();
        shard.Inits.Init(new ProducerInit("t", 1_000), 0, init.Set);
        Assert.Equal(KafkaError.CoordinatorLoadInProgress, init.Value.Error);
        Assert.Equal(KafkaError.CoordinatorLoadInProgress, shard.Describe("t").Error);
    }

    [Fact]
    public void A_prepared_transaction_gives_its_markers_again_to_the_next_coordinator()
    {
        _world.HoldsMarkers = true;
        var producer = _world.Init().Value;
        _world.Add(producer, TransactionWorld.On(0, 1));
        _world.End(producer, commit: true);
        _world.Written(_world.Markers[0], TransactionWorld.On(0));
        _world.Failover();
        Assert.Equal(2, _world.Markers.Count);
        var again = _world.Markers[1];
        Assert.Equal(TransactionWorld.On(0, 1), again.Partitions);
        Assert.True(again.IsCommit);
        Assert.Equal(_world.Markers[0].CoordinatorEpoch + 1, again.CoordinatorEpoch);
        _world.Written(again, again.Partitions);
        Assert.Equal(TransactionState.CompleteCommit, _world.StateOf());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Markers_of_an_older_transaction_do_not_complete_a_newer_one(bool bumps)
    {
        var producer = _world.Init().Value;
        _world.Add(producer, TransactionWorld.On(0));
        var ended = _world.End(producer, commit: true, bumps).Value;
        var next = bumps ? ended : producer;
        _world.HoldsMarkers = true;
        _world.Add(next, TransactionWorld.On(0));
        _world.End(next, commit: false, bumps);
        _world.Written(_world.Markers[0], TransactionWorld.On(0));
        Assert.Equal(TransactionState.PrepareAbort, _world.StateOf());
        _world.Written(_world.Markers[1], TransactionWorld.On(0));
        Assert.Equal(TransactionState.CompleteAbort, _world.StateOf());
    }

    [Fact]
    public void Only_partitions_of_the_transaction_are_verified()
    {
        var producer = _world.Init().Value;
        _world.Add(producer, TransactionWorld.On(0));
        Assert.Equal([KafkaError.None, KafkaError.TransactionAbortable], _world.Verify(producer, TransactionWorld.On(0, 1)));
        _world.HoldsMarkers = true;
        _world.End(producer, commit: true);
        Assert.Equal([KafkaError.ConcurrentTransactions], _world.Verify(producer, TransactionWorld.On(0)));
        _world.Written(_world.Markers[0], TransactionWorld.On(0));
        Assert.Equal([KafkaError.TransactionAbortable], _world.Verify(producer, TransactionWorld.On(0)));
        Assert.Equal([KafkaError.InvalidRequest], _world.Verify(producer, TransactionWorld.On(0), id: ""));
    }

    [Fact]
    public void Bad_requests_get_Kafkas_errors()
    {
        Assert.Equal(KafkaError.InvalidRequest, _world.Init(id: "").Value.Error);
        Assert.Equal(KafkaError.InvalidRequest, _world.Init(producerId: 4).Value.Error);
        Assert.Equal(KafkaError.InvalidTransactionTimeout, _world.Init(timeout: 0).Value.Error);
        Assert.Equal(KafkaError.InvalidTransactionTimeout, _world.Init(timeout: 900_001).Value.Error);
        Assert.Equal(KafkaError.None, _world.Init(timeout: 900_000).Value.Error);
        var nobody = new ProducerResult(KafkaError.None, 4, 0);
        Assert.Equal(KafkaError.InvalidProducerIdMapping, _world.Add(nobody, TransactionWorld.On(0), id: "unknown").Value);
        Assert.Equal(KafkaError.InvalidProducerIdMapping, _world.End(nobody, commit: true, id: "unknown").Value.Error);
        Assert.Equal(KafkaError.InvalidProducerIdMapping, _world.Add(nobody, TransactionWorld.On(0)).Value);
        Assert.Equal(KafkaError.InvalidRequest, _world.End(nobody, commit: true, id: "").Value.Error);
        Assert.Equal(KafkaError.TransactionalIdNotFound, _world.Shard.Describe("unknown").Error);
    }

    [Fact]
    public void A_host_without_producer_ids_lets_the_client_wait()
    {
        _world.IsOutOfProducerIds = true;
        Assert.Equal(KafkaError.CoordinatorLoadInProgress, _world.Init().Value.Error);
        _world.IsOutOfProducerIds = false;
        Assert.Equal(KafkaError.None, _world.Init().Value.Error);
    }
}
