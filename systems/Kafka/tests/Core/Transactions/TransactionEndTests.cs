namespace Microcosm.Kafka.Tests;

/// <summary>EndTxn and its retries, below version 5 and with an epoch a transaction (KIP-890).</summary>
public sealed class TransactionEndTests
{
    private readonly TransactionWorld _world = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_retry_of_each_request_is_answered_alike_and_writes_nothing(bool commit)
    {
        var producer = _world.Init().Value;
        _world.Add(producer, TransactionWorld.On(0, 1));
        var written = _world.Log.Count;
        Assert.Equal(KafkaError.None, _world.Add(producer, TransactionWorld.On(1)).Value);
        Assert.Equal(written, _world.Log.Count);
        Assert.Equal(KafkaError.None, _world.End(producer, commit).Value.Error);
        written = _world.Log.Count;
        Assert.Equal(KafkaError.None, _world.End(producer, commit).Value.Error);
        Assert.Equal(KafkaError.InvalidTxnState, _world.End(producer, !commit).Value.Error);
        Assert.Equal(written, _world.Log.Count);
    }

    [Fact]
    public void The_client_waits_while_markers_are_written()
    {
        _world.HoldsMarkers = true;
        var producer = _world.Init().Value;
        _world.Add(producer, TransactionWorld.On(0));
        _world.End(producer, commit: true);
        Assert.Equal(KafkaError.ConcurrentTransactions, _world.Add(producer, TransactionWorld.On(1)).Value);
        Assert.Equal(KafkaError.ConcurrentTransactions, _world.End(producer, commit: true).Value.Error);
        Assert.Equal(KafkaError.ConcurrentTransactions, _world.Init(producer).Value.Error);
    }

    [Fact]
    public void Below_version_5_the_epoch_stays_and_an_empty_transaction_cannot_end()
    {
        var producer = _world.Init().Value;
        Assert.Equal(KafkaError.InvalidTxnState, _world.End(producer, commit: false).Value.Error);
        Assert.Equal(KafkaError.InvalidTxnState, _world.End(producer, commit: true).Value.Error);
        _world.Add(producer, TransactionWorld.On(0));
        Assert.Equal(new ProducerResult(KafkaError.None), _world.End(producer, commit: true).Value);
        Assert.Equal(producer.ProducerEpoch, _world.Describe().ProducerEpoch);
    }

    [Fact]
    public void From_version_5_the_next_transaction_has_the_next_epoch_which_the_markers_carry()
    {
        var producer = _world.Init().Value;
        _world.Add(producer, TransactionWorld.On(0));
        var next = _world.End(producer, commit: true, bumps: true).Value;
        Assert.Equal(producer with { ProducerEpoch = 1 }, next);
        Assert.Equal(1, Assert.Single(_world.Markers).ProducerEpoch);
        Assert.Equal(KafkaError.ProducerFenced, _world.Add(producer, TransactionWorld.On(0)).Value);
        Assert.Equal(KafkaError.None, _world.Add(next, TransactionWorld.On(0)).Value);
    }

    // Kafka's table: state, epoch that is said (retry: the one before), end → what is answered. An epoch is given where one is bumped.
    [Theory]
    [InlineData("Empty", "retry", false, "ProducerFenced")]
    [InlineData("Empty", "current", false, "None")]
    [InlineData("Empty", "retry", true, "ProducerFenced")]
    [InlineData("Empty", "current", true, "InvalidTxnState")]
    [InlineData("CompleteAbort", "retry", false, "None")]
    [InlineData("CompleteAbort", "current", false, "None")]
    [InlineData("CompleteAbort", "retry", true, "InvalidTxnState")]
    [InlineData("CompleteAbort", "current", true, "InvalidTxnState")]
    [InlineData("CompleteCommit", "retry", false, "InvalidTxnState")]
    [InlineData("CompleteCommit", "current", false, "None")]
    [InlineData("CompleteCommit", "retry", true, "None")]
    [InlineData("CompleteCommit", "current", true, "InvalidTxnState")]
    public void From_version_5_an_end_without_a_transaction_is_judged_by_its_epoch(string state, string said, bool commit, string error)
    {
        var old = _world.Init().Value;
        ProducerResult current;
        if (state == "Empty")
        {
            current = _world.Init(old).Value;
        }
        else
        {
            _world.Add(old, TransactionWorld.On(0));
            current = _world.End(old, commit: state == "CompleteCommit", bumps: true).Value;
        }

        Assert.Equal(state, _world.StateOf().ToString());
        var answer = _world.End(said == "retry" ? old : current, commit, bumps: true).Value;
        Assert.Equal(error, answer.Error.ToString());
        if (answer.Error == KafkaError.None)
            Assert.Equal(said == "retry" ? current.ProducerEpoch : current.ProducerEpoch + 1, answer.ProducerEpoch);
    }

    [Fact]
    public void A_retry_reaches_the_next_coordinator_too()
    {
        var producer = _world.Init().Value;
        _world.Add(producer, TransactionWorld.On(0));
        _world.HoldsWrites = true;
        var lost = _world.End(producer, commit: true, bumps: true);
        _world.HoldsWrites = false;
        _world.Failover(committed: 1);
        Assert.Equal(KafkaError.NotCoordinator, lost.Value.Error);
        Assert.Equal(producer with { ProducerEpoch = 1 }, _world.End(producer, commit: true, bumps: true).Value);
        Assert.Equal(KafkaError.InvalidTxnState, _world.End(producer, commit: false, bumps: true).Value.Error);
    }

    [Fact]
    public void The_last_epoch_ends_with_a_new_producer_id_which_the_retry_gets_too()
    {
        var last = LastEpoch();
        _world.Add(last, TransactionWorld.On(0));
        _world.HoldsMarkers = true;
        var rotated = _world.End(last, commit: true, bumps: true).Value;
        Assert.NotEqual(last.ProducerId, rotated.ProducerId);
        Assert.Equal(0, rotated.ProducerEpoch);
        Assert.Equal(KafkaError.ConcurrentTransactions, _world.Add(rotated, TransactionWorld.On(0)).Value);
        Assert.Equal(KafkaError.ConcurrentTransactions, _world.End(last, commit: true, bumps: true).Value.Error);
        _world.HoldsMarkers = false;
        _world.Failover();
        var markers = _world.Markers[^1];
        Assert.Equal((last.ProducerId, short.MaxValue), (markers.ProducerId, markers.ProducerEpoch));
        Assert.Equal(rotated, _world.End(last, commit: true, bumps: true).Value);
        Assert.Equal(KafkaError.None, _world.Add(rotated, TransactionWorld.On(0)).Value);
    }

    [Fact]
    public void A_transaction_of_the_last_epoch_that_times_out_leaves_a_new_producer_id()
    {
        var last = LastEpoch();
        _world.Add(last, TransactionWorld.On(0));
        _world.IsOutOfProducerIds = true;
        _world.Advance(60_000);
        Assert.Equal(TransactionState.Ongoing, _world.StateOf());
        _world.IsOutOfProducerIds = false;
        _world.Advance(1_000);
        Assert.Equal(TransactionState.CompleteAbort, _world.StateOf());
        var late = _world.End(last, commit: false, bumps: true).Value;
        Assert.NotEqual(last.ProducerId, late.ProducerId);
        Assert.Equal(0, late.ProducerEpoch);
        Assert.Equal(KafkaError.None, _world.Add(late, TransactionWorld.On(0)).Value);
    }

    private ProducerResult LastEpoch()
    {
        var producer = _world.Init().Value;
        while (producer.ProducerEpoch < short.MaxValue - 1)
            producer = _world.Init(producer).Value;
        return producer;
    }
}
