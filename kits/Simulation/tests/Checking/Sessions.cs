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
    public void Holdings_one_after_another_are_exclusive()
    {
        var leases = new ExclusionChecker(() => _now);
        At(1, () => leases.Hold("l", 1));
        At(2, () => leases.GiveUp("l", 1));
        At(2, () => leases.Hold("l", 2));
        leases.ThrowUnlessExclusive();
    }

    [Fact]
    public void Two_holders_at_once_are_found()
    {
        var leases = new ExclusionChecker(() => _now);
        At(1, () => leases.Hold("l", 1));
        At(2, () => leases.Hold("l", 2));
        At(3, () => leases.GiveUp("l", 1));
        var failure = Assert.Throws<CheckFailedException>(leases.ThrowUnlessExclusive);
        Assert.Equal("'l' had two holders:\n  client 1: 1.000 s … 3.000 s\n  client 2: 2.000 s … the end", failure.Explanation);
    }

    private void At(int seconds, Action happens)
    {
        _now = TimeSpan.FromSeconds(seconds);
        happens();
    }
}
