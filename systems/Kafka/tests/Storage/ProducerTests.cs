namespace Microcosm.Kafka.Tests.Storage;

/// <summary>Idempotent producers (KIP-98, KIP-360).</summary>
public sealed class ProducerTests
{
    [Fact]
    public async Task A_repeated_batch_is_answered_with_its_old_offsets()
    {
        var test = await TestLog.OpenAsync();
        for (var i = 0; i < 6; i++)
            test.Put(Batch.Produced(7, 0, i * 2, 2));
        var repeated = test.Append(Batch.Produced(7, 0, 2, 2));
        Assert.Equal((KafkaError.None, true, 2L, 3L), (repeated.Error, repeated.IsDuplicate, repeated.FirstOffset, repeated.LastOffset));
        Assert.Equal(12, test.Log.LogEndOffset);
        // Only the last five are known; an older one is a gap backwards.
        Assert.Equal(KafkaError.OutOfOrderSequenceNumber, test.Append(Batch.Produced(7, 0, 0, 2)).Error);
        // Other bounds are no repetition.
        Assert.Equal(KafkaError.OutOfOrderSequenceNumber, test.Append(Batch.Produced(7, 0, 10, 1)).Error);
    }

    [Fact]
    public async Task A_gap_is_refused()
    {
        var test = await TestLog.OpenAsync();
        test.Put(Batch.Produced(7, 0, 0, 3));
        Assert.Equal(KafkaError.OutOfOrderSequenceNumber, test.Append(Batch.Produced(7, 0, 4)).Error);
        Assert.Equal(KafkaError.None, test.Append(Batch.Produced(7, 0, 3)).Error);
        // Of a producer that is not known anything may come: its records may be gone.
        Assert.Equal(KafkaError.None, test.Append(Batch.Produced(8, 2, 100)).Error);
        Assert.Equal(KafkaError.OutOfOrderSequenceNumber, test.Append(Batch.Produced(8, 2, 102)).Error);
    }

    [Fact]
    public async Task Sequence_numbers_go_on_at_zero_after_the_largest()
    {
        var test = await TestLog.OpenAsync();
        test.Put(Batch.Produced(7, 0, int.MaxValue - 1, 2));
        Assert.Equal(KafkaError.None, test.Append(Batch.Produced(7, 0, 0)).Error);
        Assert.True(test.Append(Batch.Produced(7, 0, int.MaxValue - 1, 2)).IsDuplicate);
    }

    [Fact]
    public async Task A_newer_epoch_begins_at_zero_and_fences_the_older()
    {
        var test = await TestLog.OpenAsync();
        test.Put(Batch.Produced(7, 3, 0, 2));
        Assert.Equal(KafkaError.OutOfOrderSequenceNumber, test.Append(Batch.Produced(7, 4, 2)).Error);
        test.Put(Batch.Produced(7, 4, 0));
        Assert.Equal(KafkaError.InvalidProducerEpoch, test.Append(Batch.Produced(7, 3, 2)).Error);
        Assert.False(test.Append(Batch.Produced(7, 4, 1, 1)).IsDuplicate);
    }

    [Fact]
    public async Task Batches_of_coordinators_have_no_sequence()
    {
        var test = await TestLog.OpenAsync();
        var builder = new RecordBatchBuilder { ProducerId = 7, ProducerEpoch = 1, IsTransactional = true };
        var batch = Batch.Keyed(builder, 1, "a=1");
        test.Put(batch, origin: AppendOrigin.Coordinator);
        test.Put(batch, origin: AppendOrigin.Coordinator);
        Assert.Equal(2, test.Log.LogEndOffset);
    }

    [Fact]
    public async Task What_is_known_survives_a_crash_a_close_and_a_truncation()
    {
        var test = await TestLog.OpenAsync(new LogSettings { SegmentBytes = 300 });
        for (var i = 0; i < 20; i++)
            test.Put(Batch.Produced(i % 3, 1, i / 3));
        var expected = Describe(test.Log);
        await test.Log.SyncAsync();
        await test.CrashAsync();
        Assert.Equal(expected, Describe(test.Log));
        await test.Log.CloseAsync();
        await test.ReopenAsync();
        Assert.Equal(expected, Describe(test.Log));
        test.Put(Batch.Produced(0, 2, 0));
        test.Put(Batch.Produced(9, 0, 0));
        await test.Log.TruncateToAsync(20);
        Assert.Equal(expected, Describe(test.Log));
        await test.Log.TruncateToAsync(0);
        Assert.Equal(0, test.Log.Producers.Count);
    }

    [Fact]
    public async Task Producers_that_only_a_marker_told_of_outlive_a_restart()
    {
        var test = await TestLog.OpenAsync();
        test.Put(Batch.Marker(1, 3, isCommit: false), origin: AppendOrigin.Coordinator);
        test.Put(Batch.Marker(2, 4, isCommit: false), origin: AppendOrigin.Coordinator);
        test.Log.OnHighWatermark(2);
        var expected = Describe(test.Log);
        await test.Log.CloseAsync();
        await test.ReopenAsync();
        Assert.Equal(2, test.Log.Producers.Count);
        Assert.Equal(expected, Describe(test.Log));
    }

    [Fact]
    public async Task Producers_that_are_silent_expire()
    {
        var test = await TestLog.OpenAsync(new LogSettings { ProducerIdExpirationMs = 100 });
        test.Put(Batch.Produced(1, 0, 0));
        test.Put(Batch.Produced(2, 0, 0, isTransactional: true));
        await test.Log.ApplyRetentionAsync(1_099, 0);
        Assert.Equal(2, test.Log.Producers.Count);
        await test.Log.ApplyRetentionAsync(1_100, 0);
        Assert.Equal([2L], test.Log.Producers.All.Select(p => p.ProducerId));
    }

    /// <summary>All of the producers' state, as text.</summary>
    internal static List<string> Describe(PartitionLog log) => [.. log.Producers.All.Select(p =>
        $"{p.ProducerId}/{p.Epoch} coordinator {p.CoordinatorEpoch} at {p.LastTimestamp} open {p.TransactionFirstOffset} "
            + string.Join(' ', p.Batches))];
}
