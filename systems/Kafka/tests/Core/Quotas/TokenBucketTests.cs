namespace Microcosm.Kafka.Tests.Core;

/// <summary>The bucket of partition mutations (KIP-599).</summary>
public sealed class TokenBucketTests
{
    [Fact]
    public void A_burst_goes_through_and_is_owed()
    {
        var bucket = new TokenBucket(11, 1_000);
        // Full: 11 s of 10 a second.
        bucket.Record(110, 10, 0);
        Assert.Equal(0, bucket.ThrottleMs(10, 0));
        bucket.Record(50, 10, 0);
        Assert.Equal(5_000, bucket.ThrottleMs(10, 0));
        Assert.Equal(1, bucket.ThrottleMs(10, 4_999));
        Assert.Equal(0, bucket.ThrottleMs(10, 5_000));
    }

    [Fact]
    public void It_holds_no_more_than_the_burst_and_is_idle_when_full()
    {
        var bucket = new TokenBucket(11, 1_000);
        bucket.Record(20, 10, 0);
        Assert.False(bucket.IsIdle(1_999));
        Assert.True(bucket.IsIdle(2_000));
        bucket.Record(120, 10, 1_000_000);
        Assert.Equal(1_000, bucket.ThrottleMs(10, 1_000_000));
    }
}
