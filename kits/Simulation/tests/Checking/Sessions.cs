namespace Microcosm.Simulation.Tests.Checking;

public class Sessions
{
    private TimeSpan _now;

    [Fact]
    public void A_client_that_reads_backwards_is_found()
    {
        var reads = new MonotonicChecker(() => _now);
        reads.Observe(1, "x", 3);
        reads.Observe(2, "x", 1);
        reads.Observe(1, "y", 1);
        reads.Observe(1, "x", 3);
        Assert.Equal("monotonic", Assert.Throws<CheckFailedException>(() => reads.Observe(1, "x", 2)).Kind);
    }

    [Fact]
    public void Holders_one_after_another_may_act()
    {
        var leases = new LeaseChecker(() => _now);
        At(1, () => leases.Granted("l", 1, 5));
        At(2, () => leases.Act("l", 1, 5));
        At(3, () => leases.Granted("l", 2, 7));
        At(3, () => leases.Granted("m", 1, 9));
        At(4, () => leases.Act("l", 2, 7));
        Assert.Equal(2, leases.ActCount);
    }

    [Fact]
    public void A_holder_that_acts_after_the_next_was_granted_is_found()
    {
        var leases = new LeaseChecker(() => _now);
        At(1, () => leases.Granted("l", 1, 5));
        At(2, () => leases.Granted("l", 2, 6));
        var failure = Assert.Throws<CheckFailedException>(() => At(3, () => leases.Act("l", 1, 5)));
        Assert.Equal("client 1 acts on 'l' under token 5 at 3.000 s, while client 2 has held token 6 since 2.000 s", failure.Explanation);
    }

    [Fact]
    public void A_token_granted_twice_is_found()
    {
        var leases = new LeaseChecker(() => _now);
        leases.Granted("l", 1, 5);
        Assert.Equal("lease.token", Assert.Throws<CheckFailedException>(() => leases.Granted("l", 2, 5)).Kind);
    }

    private void At(int seconds, Action happens)
    {
        _now = TimeSpan.FromSeconds(seconds);
        happens();
    }
}
