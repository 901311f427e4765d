namespace Microcosm.Kafka.Tests;

/// <summary>Who has a transactional id, and how it loses it.</summary>
public sealed class ProducerFencingTests
{
    private readonly TransactionWorld _world = new();

    [Fact]
    public void A_second_producer_fences_the_first()
    {
        var first = _world.Init().Value;
        var second = _world.Init().Value;
        Assert.Equal((first.ProducerId, (short)1), (second.ProducerId, second.ProducerEpoch));
        Assert.Equal(KafkaError.ProducerFenced, _world.Add(first, TransactionWorld.On(0)).Value);
        Assert.Equal([KafkaError.ProducerFenced], _world.Verify(first, TransactionWorld.On(0)));
        Assert.Equal(KafkaError.ProducerFenced, _world.End(first, commit: true).Value.Error);
        Assert.Equal(KafkaError.ProducerFenced, _world.End(first, commit: true, bumps: true).Value.Error);
        Assert.Equal(KafkaError.None, _world.Add(second, TransactionWorld.On(0)).Value);
    }

    [Fact]
    public void An_ongoing_transaction_is_aborted_before_another_producer_gets_the_id()
    {
        _world.HoldsMarkers = true;
        var first = _world.Init().Value;
        _world.Add(first, TransactionWorld.On(0));
        Assert.Equal(KafkaError.ConcurrentTransactions, _world.Init().Value.Error);
        var markers = Assert.Single(_world.Markers);
        Assert.False(markers.IsCommit);
        Assert.Equal(1, markers.ProducerEpoch);
        Assert.Equal(KafkaError.ConcurrentTransactions, _world.Init().Value.Error);
        Assert.Equal(KafkaError.ProducerFenced, _world.End(first, commit: true).Value.Error);
        _world.Written(markers, markers.Partitions);
        Assert.Equal(2, _world.Init().Value.ProducerEpoch);
    }

    [Fact]
    public void A_producer_that_says_its_epoch_gets_the_next_and_its_retry_the_same()
    {
        var first = _world.Init().Value;
        var second = _world.Init(first).Value;
        Assert.Equal(1, second.ProducerEpoch);
        Assert.Equal(second, _world.Init(first).Value);
        Assert.Equal(second, _world.Init(first).Value);
        Assert.Equal(2, _world.Init(second).Value.ProducerEpoch);
        Assert.Equal(KafkaError.ProducerFenced, _world.Init(first).Value.Error);
    }

    [Fact]
    public void A_producer_that_was_replaced_cannot_ask_for_its_next_epoch()
    {
        var first = _world.Init().Value;
        _world.Init();
        Assert.Equal(KafkaError.ProducerFenced, _world.Init(first).Value.Error);
        Assert.Equal(KafkaError.ProducerFenced, _world.Init(first with { ProducerId = 5 }).Value.Error);
    }

    [Fact]
    public void A_producer_whose_transaction_timed_out_cannot_ask_for_the_epoch_that_fenced_it()
    {
        var first = _world.Init().Value;
        _world.Add(first, TransactionWorld.On(0));
        _world.Advance(60_000);
        Assert.Equal(KafkaError.ProducerFenced, _world.Init(first).Value.Error);
    }

    [Fact]
    public void Used_up_epochs_give_a_new_producer_id_and_the_retry_the_same()
    {
        var old = _world.Init().Value;
        while (old.ProducerEpoch < short.MaxValue - 1)
            old = _world.Init(old).Value;
        var rotated = _world.Init(old).Value;
        Assert.NotEqual(old.ProducerId, rotated.ProducerId);
        Assert.Equal(0, rotated.ProducerEpoch);
        Assert.Equal(rotated, _world.Init(old).Value);
        Assert.Equal(rotated, _world.Init(old).Value);
        Assert.Equal(KafkaError.InvalidProducerIdMapping, _world.Add(old, TransactionWorld.On(0)).Value);
        Assert.Equal(1, _world.Init().Value.ProducerEpoch);
        Assert.Equal(KafkaError.ProducerFenced, _world.Init(old).Value.Error);
    }

    [Fact]
    public void Old_versions_are_told_of_a_fence_by_the_error_they_know()
    {
        var fenced = KafkaError.ProducerFenced;
        Assert.Equal(KafkaError.InvalidProducerEpoch, FencedErrors.For<InitProducerIdRequest>(fenced, 3));
        Assert.Equal(KafkaError.ProducerFenced, FencedErrors.For<InitProducerIdRequest>(fenced, 4));
        Assert.Equal(KafkaError.InvalidProducerEpoch, FencedErrors.For<EndTxnRequest>(fenced, 1));
        Assert.Equal(KafkaError.ProducerFenced, FencedErrors.For<EndTxnRequest>(fenced, 2));
        Assert.Equal(KafkaError.InvalidProducerEpoch, FencedErrors.For<AddPartitionsToTxnRequest>(fenced, 1));
        Assert.Equal(KafkaError.InvalidProducerEpoch, FencedErrors.For<AddOffsetsToTxnRequest>(fenced, 1));
        Assert.Equal(KafkaError.InvalidTxnState, FencedErrors.For<EndTxnRequest>(KafkaError.InvalidTxnState, 1));
    }
}
