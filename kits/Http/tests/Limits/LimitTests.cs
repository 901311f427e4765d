namespace Microcosm.Http.Tests;

/// <summary>Rates, requests at a time, and retries.</summary>
public sealed class LimitTests
{
    [Fact]
    public void A_burst_is_served_and_what_is_over_it_refused()
    {
        var bucket = new LeakyBucket();
        var limit = new RateLimit(1000, 2000, long.MaxValue);
        Assert.Equal([0L, 1000, 2000], Enumerable.Range(0, 3).Select(_ => Accepted()));
        Assert.Equal(new RateVerdict(true, 3000, 0), bucket.Take(limit, 0));
        // What is refused does not count.
        Assert.Equal(new RateVerdict(true, 3000, 0), bucket.Take(limit, 0));
        Assert.Equal(new RateVerdict(false, 2000, 0), bucket.Take(limit, 1000));
        Assert.Equal(new RateVerdict(true, 2500, 0), bucket.Take(limit, 1500));
        Assert.Equal(new RateVerdict(false, 0, 0), bucket.Take(limit, 60_000));

        long Accepted()
        {
            var verdict = bucket.Take(limit, 0);
            Assert.False(verdict.IsRefused);
            return verdict.Excess;
        }
    }

    [Fact]
    public void Excess_over_what_is_served_at_once_waits_its_time()
    {
        var bucket = new LeakyBucket();
        var limit = new RateLimit(2000, 5000, 1000);
        Assert.Equal([0L, 0, 500, 1000], Enumerable.Range(0, 4).Select(_ => bucket.Take(limit, 0).DelayMs));
    }

    [Fact]
    public void Looking_counts_nothing()
    {
        var (zone, none, one) = (new RateZone(8192), new RateLimit(1000, 0, 0), new RateLimit(1000, 1000, long.MaxValue));
        Assert.Equal(default, zone.Look("a", none, 0));
        Assert.Equal(0, zone.Count);
        zone.Take("a", none, 0);
        Assert.True(zone.Look("a", none, 0).IsRefused);
        Assert.False(zone.Look("a", one, 0).IsRefused);
        Assert.Equal(1000, zone.Take("a", one, 0).Excess);
    }

    [Fact]
    public void A_full_zone_forgets_who_was_there_longest_ago()
    {
        // A page holds 32 keys of this length.
        var (zone, limit) = (new RateZone(8192), new RateLimit(1000, 9000, long.MaxValue));
        foreach (var key in Enumerable.Range(0, 32).Append(0).Append(32))
            zone.Take($"{key}", limit, 0);
        Assert.Equal(32, zone.Count);
        Assert.Equal(2000, zone.Take("0", limit, 0).Excess);
        Assert.Equal(0, zone.Take("1", limit, 0).Excess);
        // A longer key takes the room of several.
        zone.Take(new string('x', 1000), limit, 0);
        Assert.Equal(17, zone.Count);
    }

    [Fact]
    public void Keys_with_nothing_left_make_room()
    {
        var zone = new RateZone(1 << 20);
        for (var i = 0; i < 50; i++)
            zone.Take($"{i}", new RateLimit(1000, 0, 0), i * 10_000);
        Assert.InRange(zone.Count, 1, 7);
    }

    [Fact]
    public void So_many_requests_of_a_key_at_a_time()
    {
        var zone = new ConnectionZone(8192);
        Assert.Equal(ConnectionVerdict.Counted, zone.Begin("a", 2));
        Assert.Equal(ConnectionVerdict.Counted, zone.Begin("a", 2));
        Assert.Equal(ConnectionVerdict.OverLimit, zone.Begin("a", 2));
        zone.End("a");
        Assert.Equal(ConnectionVerdict.Counted, zone.Begin("a", 2));
        // A page holds 64 keys of this length.
        for (var i = 0; i < 63; i++)
            Assert.Equal(ConnectionVerdict.Counted, zone.Begin($"{i}", 1));
        Assert.Equal(ConnectionVerdict.Full, zone.Begin("b", 1));
        zone.End("0");
        Assert.Equal(ConnectionVerdict.Counted, zone.Begin("b", 1));
        Assert.Equal((2, 0, 1), (zone.Of("a"), zone.Of("0"), zone.Of("b")));
    }

    [Fact]
    public void Retries_are_a_share_of_requests()
    {
        var budget = new RetryBudget(20, 1);
        budget.Begin();
        Assert.True(budget.TryBeginRetry());
        Assert.False(budget.TryBeginRetry());
        for (var i = 0; i < 9; i++)
            budget.Begin();
        Assert.True(budget.TryBeginRetry());
        Assert.False(budget.TryBeginRetry());
        budget.EndRetry();
        Assert.True(budget.TryBeginRetry());
    }
}
