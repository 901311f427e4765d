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
        var zone = new RateZone(1000, 10);
        Assert.Equal(default, zone.Look("a", 0, 0, 0));
        Assert.Equal(0, zone.Count);
        zone.Take("a", 0, 0, 0);
        Assert.True(zone.Look("a", 0, 0, 0).IsRefused);
        Assert.False(zone.Look("a", 1000, long.MaxValue, 0).IsRefused);
        Assert.Equal(1000, zone.Take("a", 1000, long.MaxValue, 0).Excess);
    }

    [Fact]
    public void A_full_zone_forgets_who_was_there_longest_ago()
    {
        var zone = new RateZone(1000, 2);
        foreach (var key in (string[])["a", "b", "a", "c"])
            zone.Take(key, 9000, long.MaxValue, 0);
        Assert.Equal(2, zone.Count);
        Assert.Equal(2000, zone.Take("a", 9000, long.MaxValue, 0).Excess);
        Assert.Equal(0, zone.Take("b", 9000, long.MaxValue, 0).Excess);
    }

    [Fact]
    public void Keys_with_nothing_left_make_room()
    {
        var zone = new RateZone(1000, 100);
        for (var i = 0; i < 50; i++)
            zone.Take($"{i}", 0, 0, i * 10_000);
        Assert.InRange(zone.Count, 1, 7);
    }

    [Fact]
    public void So_many_requests_of_a_key_at_a_time()
    {
        var zone = new ConnectionZone(2);
        Assert.True(zone.TryBegin("a", 2) && zone.TryBegin("a", 2));
        Assert.False(zone.TryBegin("a", 2));
        zone.End("a");
        Assert.True(zone.TryBegin("a", 2));
        Assert.True(zone.TryBegin("b", 1));
        // The zone is full of keys.
        Assert.False(zone.TryBegin("c", 1));
        zone.End("b");
        Assert.True(zone.TryBegin("c", 1));
        Assert.Equal((2, 0, 1), (zone.Of("a"), zone.Of("b"), zone.Of("c")));
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
