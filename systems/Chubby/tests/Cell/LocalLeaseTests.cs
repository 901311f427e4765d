using Microcosm.Chubby.Client;

namespace Microcosm.Chubby.Cell.Tests;

public sealed class LocalLeaseTests
{
    private readonly LocalLease _lease = new(driftPpmMax: 100_000, TimeSpan.FromSeconds(45));

    [Fact]
    public void A_lease_counts_from_when_the_reply_left_at_the_earliest_and_is_shorter_by_the_clocks_error()
    {
        _lease.Extend(Ticks(100), held: TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10), Ticks(111));
        Assert.Equal(Ticks(118), _lease.NextLook);
        Assert.True(_lease.IsSafe(Ticks(118) - 1));
        Assert.False(_lease.IsSafe(Ticks(118)));
    }

    [Fact]
    public void A_reply_that_comes_after_its_lease_makes_nothing_safe()
    {
        _lease.Extend(Ticks(100), TimeSpan.Zero, TimeSpan.FromSeconds(10), Ticks(109));
        Assert.Equal(SessionState.Jeopardy, _lease.State);
    }

    [Fact]
    public void Nothing_expires_before_the_first_lease()
    {
        Assert.Equal(SessionState.Jeopardy, _lease.Look(Ticks(1_000)));
        Assert.Equal(long.MaxValue, _lease.NextLook);
    }

    [Fact]
    public void Jeopardy_ends_in_safety_or_with_the_grace_period()
    {
        _lease.Extend(Ticks(0), TimeSpan.Zero, TimeSpan.FromSeconds(10), Ticks(0));
        Assert.Equal(SessionState.Jeopardy, _lease.Look(Ticks(9)));
        _lease.Extend(Ticks(20), TimeSpan.Zero, TimeSpan.FromSeconds(10), Ticks(20));
        Assert.Equal(SessionState.Safe, _lease.Look(Ticks(28)));
        Assert.Equal(SessionState.Jeopardy, _lease.Look(Ticks(73)));
        Assert.Equal(SessionState.Expired, _lease.Look(Ticks(74)));
        _lease.Extend(Ticks(74), TimeSpan.Zero, TimeSpan.FromSeconds(10), Ticks(74));
        Assert.Equal(SessionState.Expired, _lease.State);
    }

    private static long Ticks(int seconds) => TimeSpan.TicksPerSecond * seconds;
}
