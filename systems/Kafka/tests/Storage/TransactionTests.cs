namespace Microcosm.Kafka.Tests.Storage;

/// <summary>Transactions: what readers of committed data may see (KIP-98).</summary>
public sealed class TransactionTests
{
    [Fact]
    public async Task The_last_stable_offset_waits_for_the_first_open_transaction()
    {
        var test = await TestLog.OpenAsync();
        test.Put(Batch.Of("a"));
        test.Put(Batch.Produced(1, 0, 0, 2, isTransactional: true)); // 1, 2
        test.Put(Batch.Produced(2, 0, 0, 1, isTransactional: true)); // 3
        test.Log.OnHighWatermark(4);
        Assert.Equal((1L, 1L), (test.Log.LastStableOffset, test.Log.FirstUnstableOffset));
        test.Put(Batch.Marker(1, 0, isCommit: true), origin: AppendOrigin.Coordinator); // 4
        Assert.Equal(1, test.Log.LastStableOffset); // the marker may yet be lost
        test.Log.OnHighWatermark(5);
        Assert.Equal(3, test.Log.LastStableOffset);
        test.Put(Batch.Marker(2, 0, isCommit: false), origin: AppendOrigin.Coordinator); // 5
        test.Log.OnHighWatermark(6);
        Assert.Equal((6L, null), (test.Log.LastStableOffset, test.Log.FirstUnstableOffset));
        Assert.Equal([new AbortedTransaction(2, 3, 5, 6)], test.Log.AbortedBetween(0, 6));
    }

    [Fact]
    public async Task Aborted_transactions_are_found_by_range_across_segments()
    {
        var test = await TestLog.OpenAsync(new LogSettings { SegmentBytes = 250 });
        for (var i = 0; i < 10; i++)
        {
            test.Put(Batch.Produced(1, 0, i, 1, isTransactional: true));
            test.Put(Batch.Marker(1, 0, isCommit: i % 2 == 0), origin: AppendOrigin.Coordinator);
        }
        test.Log.OnHighWatermark(20);
        Check(test.Log);
        await test.Log.SyncAsync();
        await test.CrashAsync();
        Check(test.Log);
        await test.Log.CloseAsync();
        await test.ReopenAsync();
        Check(test.Log);
        await test.Log.TruncateToAsync(14);
        Assert.Equal([2L, 6L, 10L], test.Log.AbortedBetween(0, 100).Select(a => a.FirstOffset));

        static void Check(PartitionLog log)
        {
            Assert.Equal([2L, 6L, 10L, 14L, 18L], log.AbortedBetween(0, 20).Select(a => a.FirstOffset));
            Assert.Equal([6L], log.AbortedBetween(4, 10).Select(a => a.FirstOffset));
            Assert.Equal([6L, 10L], log.AbortedBetween(7, 11).Select(a => a.FirstOffset));
            Assert.Empty(log.AbortedBetween(8, 10));
        }
    }

    [Fact]
    public async Task A_transaction_that_spans_others_is_found_where_it_began()
    {
        var test = await TestLog.OpenAsync(new LogSettings { SegmentBytes = 200 });
        test.Put(Batch.Produced(1, 0, 0, 1, isTransactional: true)); // 0
        for (var i = 0; i < 5; i++)
        {
            test.Put(Batch.Produced(2, 0, i, 1, isTransactional: true));
            test.Put(Batch.Marker(2, 0, isCommit: false), origin: AppendOrigin.Coordinator);
        }
        test.Put(Batch.Marker(1, 0, isCommit: false), origin: AppendOrigin.Coordinator); // 11
        Assert.Equal([1L], test.Log.AbortedBetween(0, 1).Select(a => a.ProducerId));
        Assert.Equal([2L, 1L], test.Log.AbortedBetween(1, 2).Select(a => a.ProducerId));
    }

    [Fact]
    public async Task An_old_coordinator_and_an_old_producer_are_fenced()
    {
        var test = await TestLog.OpenAsync();
        test.Put(Batch.Produced(1, 5, 0, 1, isTransactional: true));
        test.Put(Batch.Marker(1, 5, isCommit: true, coordinatorEpoch: 3), origin: AppendOrigin.Coordinator);
        Assert.Equal(KafkaError.TransactionCoordinatorFenced,
            test.Append(Batch.Marker(1, 5, true, coordinatorEpoch: 2), origin: AppendOrigin.Coordinator).Error);
        Assert.Equal(KafkaError.InvalidProducerEpoch,
            test.Append(Batch.Marker(1, 4, true, coordinatorEpoch: 4), origin: AppendOrigin.Coordinator).Error);
        // A marker of a newer epoch fences the producer.
        test.Put(Batch.Marker(1, 6, isCommit: false, coordinatorEpoch: 4), origin: AppendOrigin.Coordinator);
        Assert.Equal(KafkaError.InvalidProducerEpoch, test.Append(Batch.Produced(1, 5, 1, 1, isTransactional: true)).Error);
        Assert.Empty(test.Log.AbortedBetween(0, 10));
    }

    [Fact]
    public async Task In_a_transaction_everything_is_transactional()
    {
        var test = await TestLog.OpenAsync();
        test.Put(Batch.Produced(1, 0, 0, 1, isTransactional: true));
        Assert.True(test.Log.Producers.HasOpenTransaction(1, 0));
        Assert.Equal(KafkaError.InvalidTxnState, test.Append(Batch.Produced(1, 0, 1)).Error);
        test.Put(Batch.Marker(1, 0, isCommit: true), origin: AppendOrigin.Coordinator);
        Assert.False(test.Log.Producers.HasOpenTransaction(1, 0));
        Assert.Equal(KafkaError.None, test.Append(Batch.Produced(1, 0, 1)).Error);
    }

    [Fact]
    public async Task An_open_transaction_is_open_after_a_restart()
    {
        var test = await TestLog.OpenAsync();
        test.Put(Batch.Of("a"));
        test.Put(Batch.Produced(1, 0, 0, 1, isTransactional: true));
        test.Put(Batch.Produced(2, 0, 0, 1, isTransactional: true));
        test.Put(Batch.Marker(2, 0, isCommit: true), origin: AppendOrigin.Coordinator);
        await test.Log.CloseAsync();
        await test.ReopenAsync();
        test.Log.OnHighWatermark(3);
        Assert.Equal(1, test.Log.LastStableOffset);
        test.Put(Batch.Marker(1, 0, isCommit: true), origin: AppendOrigin.Coordinator);
        Assert.Equal(1, test.Log.LastStableOffset);
        test.Log.OnHighWatermark(5);
        Assert.Equal(5, test.Log.LastStableOffset);
    }
}
