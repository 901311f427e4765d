using Microcosm.Runtime;

namespace Microcosm.Kafka.Tests.Core;

/// <summary>What a leader makes of its followers' fetches: the high watermark and the ISR that it asks for. Broker 1 leads; all is synced
/// to 100 as it begins.</summary>
public sealed class LeaderStateTests
{
    private const long LagMaxMs = 1_000;

    private readonly HashSet<int> _fenced = [];
    private long _nowMs = 1;

    [Fact]
    public void The_high_watermark_is_what_the_slowest_in_sync_has_synced()
    {
        var leader = Lead([1, 2, 3], [1, 2, 3]);
        Assert.Equal(50, leader.HighWatermark);
        Fetch(leader, 2, 100);
        Assert.Equal(50, leader.HighWatermark);
        Fetch(leader, 3, 80);
        Assert.Equal(80, leader.HighWatermark);
    }

    [Fact]
    public void It_never_passes_what_the_leader_itself_has_synced()
    {
        var leader = Lead([1, 2], [1, 2]);
        leader.LogMoved(120, 100, _nowMs);
        Fetch(leader, 2, 120);
        Assert.Equal(100, leader.HighWatermark);
        leader.LogMoved(120, 110, _nowMs);
        Assert.Equal(110, leader.HighWatermark);
    }

    [Fact]
    public void Who_is_late_for_too_long_is_to_leave_once()
    {
        var leader = Lead([1, 2], [1, 2]);
        Fetch(leader, 2, 60);
        _nowMs += LagMaxMs;
        Assert.Null(leader.TakeIsrChange(_nowMs));
        _nowMs++;
        Assert.Equal([1], Wanted(leader));
        Assert.Null(leader.TakeIsrChange(_nowMs));
        // Until it is made both count.
        Assert.Equal(60, leader.HighWatermark);
        leader.Changed(leader.Partition with { Isr = [1], PartitionEpoch = 1 }, _nowMs);
        Assert.Equal(100, leader.HighWatermark);
    }

    [Fact]
    public void Who_has_all_that_is_committed_is_to_join_and_counts_from_then_on()
    {
        var leader = Lead([1, 2], [1]);
        Assert.Null(leader.TakeIsrChange(_nowMs));
        Fetch(leader, 2, 100);
        Assert.Equal([1, 2], Wanted(leader));
        leader.LogMoved(130, 130, _nowMs);
        Assert.Equal(100, leader.HighWatermark);
    }

    [Fact]
    public void Who_has_not_seen_the_beginning_of_the_epoch_does_not_join()
    {
        var leader = Lead([1, 2], [1], highWatermark: 50);
        Fetch(leader, 2, 99);
        Assert.Null(leader.TakeIsrChange(_nowMs));
    }

    [Fact]
    public void Who_is_fenced_does_not_join()
    {
        var leader = Lead([1, 2], [1]);
        _fenced.Add(2);
        Fetch(leader, 2, 100);
        Assert.Null(leader.TakeIsrChange(_nowMs));
    }

    [Fact]
    public void A_change_that_was_refused_counts_no_more_and_may_be_asked_for_again()
    {
        var leader = Lead([1, 2], [1]);
        Fetch(leader, 2, 100);
        Assert.Equal([1, 2], Wanted(leader));
        leader.LogMoved(130, 130, _nowMs);
        _nowMs += LagMaxMs + 1;
        leader.IsrRefused(isOutcomeKnown: true, _nowMs);
        Assert.Equal(130, leader.HighWatermark);
        Fetch(leader, 2, 130);
        Assert.Equal([1, 2], Wanted(leader));
    }

    [Fact]
    public void A_change_of_which_nobody_knows_whether_it_was_made_counts_until_the_partition_changes()
    {
        var leader = Lead([1, 2], [1]);
        Fetch(leader, 2, 100);
        Assert.Equal([1, 2], Wanted(leader));
        leader.IsrRefused(isOutcomeKnown: false, _nowMs);
        leader.LogMoved(130, 130, _nowMs);
        _nowMs += LagMaxMs + 1;
        leader.LogMoved(140, 140, _nowMs);
        // It may be in the ISR: what it does not have is not committed.
        Assert.Equal(100, leader.HighWatermark);
        // It fell back meanwhile, so the ISR as it is known is wanted; that it is made settles the question.
        _fenced.Add(2);
        Assert.Equal([1], Wanted(leader));
        leader.Changed(leader.Partition with { PartitionEpoch = 1 }, _nowMs);
        Assert.Equal(140, leader.HighWatermark);
        Assert.Null(leader.TakeIsrChange(_nowMs));
    }

    [Fact]
    public void A_replica_that_nobody_asked_for_cannot_be_in_the_isr()
    {
        var leader = Lead([1, 2, 3], [1]);
        Assert.Throws<InvariantException>(() => leader.Changed(leader.Partition with { Isr = [1, 3], PartitionEpoch = 1 }, _nowMs));
    }

    [Fact]
    public void Who_is_no_replica_is_told_so() => Assert.False(Lead([1, 2], [1, 2]).Fetched(3, 1, 100, 0, _nowMs));

    private LeaderState Lead(int[] replicas, int[] isr, long highWatermark = 50) => new(
        1, new PartitionState(replicas, isr, 1, 3, 0, [], [], false), highWatermark, endOffset: 100, syncedEnd: 100, LagMaxMs,
        (broker, _) => !_fenced.Contains(broker), _nowMs);

    private void Fetch(LeaderState leader, int replica, long offset) => Assert.True(leader.Fetched(replica, 1, offset, 0, _nowMs));

    private int[] Wanted(LeaderState leader) => [.. Assert.IsAssignableFrom<IReadOnlyList<(int Broker, long Epoch)>>(
        leader.TakeIsrChange(_nowMs)).Select(i => i.Broker)];
}
