namespace Microcosm.Kafka.Tests.Storage;

/// <summary>Leader epochs (KIP-101, KIP-279).</summary>
public sealed class EpochTests
{
    [Fact]
    public void The_end_of_an_epoch_is_where_the_next_begins()
    {
        var epochs = new LeaderEpochs();
        Assert.Equal((-1, -1L), epochs.EndOffsetFor(3, 100));
        epochs.Assign(2, 10);
        epochs.Assign(5, 20);
        epochs.Assign(7, 30);
        Assert.Equal((7, 100L), epochs.EndOffsetFor(7, 100));
        Assert.Equal((5, 30L), epochs.EndOffsetFor(5, 100));
        Assert.Equal((5, 30L), epochs.EndOffsetFor(6, 100)); // KIP-279: the largest that is not larger
        Assert.Equal((2, 20L), epochs.EndOffsetFor(4, 100));
        Assert.Equal((1, 10L), epochs.EndOffsetFor(1, 100)); // what it wrote is gone
        Assert.Equal((-1, -1L), epochs.EndOffsetFor(8, 100));
        Assert.Equal((-1, -1L), epochs.EndOffsetFor(-1, 100));
        Assert.Equal((-1, 2, 5, 7), (epochs.EpochAt(9), epochs.EpochAt(19), epochs.EpochAt(20), epochs.EpochAt(1000)));
    }

    [Fact]
    public void A_new_entry_removes_what_contradicts_it()
    {
        var epochs = new LeaderEpochs();
        epochs.Assign(2, 10);
        epochs.Assign(2, 15);
        Assert.Equal([new EpochEntry(2, 10)], epochs.Entries);
        epochs.Assign(5, 20);
        epochs.Assign(6, 20);
        Assert.Equal([new EpochEntry(2, 10), new EpochEntry(6, 20)], epochs.Entries);
        epochs.Assign(4, 25);
        Assert.Equal([new EpochEntry(2, 10), new EpochEntry(4, 25)], epochs.Entries);
        epochs.Assign(9, 5);
        Assert.Equal([new EpochEntry(9, 5)], epochs.Entries);
    }

    [Fact]
    public void Truncations_keep_the_epoch_that_the_log_begins_in()
    {
        var epochs = new LeaderEpochs();
        epochs.Assign(2, 10);
        epochs.Assign(5, 20);
        epochs.Assign(7, 30);
        epochs.TruncateFromStart(25);
        Assert.Equal([new EpochEntry(5, 25), new EpochEntry(7, 30)], epochs.Entries);
        epochs.TruncateFromEnd(30);
        Assert.Equal([new EpochEntry(5, 25)], epochs.Entries);
        epochs.TruncateFromEnd(25);
        Assert.Empty(epochs.Entries);
    }

    [Fact]
    public async Task They_survive_and_an_epoch_without_batches_does_not()
    {
        var test = await TestLog.OpenAsync();
        test.Put(Batch.Of("a"), epoch: 1);
        test.Put(Batch.Of("b"), epoch: 4);
        test.Log.AssignEpoch(6, 2);
        Assert.Equal((6, 4, 1L), (test.Log.LatestEpoch, test.Log.EndOffsetFor(5).Epoch, test.Log.EndOffsetFor(1).EndOffset));
        await test.Log.SyncAsync();
        await test.CrashAsync();
        Assert.Equal([new EpochEntry(1, 0), new EpochEntry(4, 1)], test.Log.Epochs.Entries);
        test.Put(Batch.Of("c"), epoch: 6);
        await test.Log.CloseAsync();
        await test.ReopenAsync();
        Assert.Equal((6, 3L), test.Log.EndOffsetFor(6));
        Assert.Equal((4, 2L), test.Log.EndOffsetFor(5));
    }
}
