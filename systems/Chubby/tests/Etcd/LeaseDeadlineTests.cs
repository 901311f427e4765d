using Microcosm.Chubby.Etcd;

namespace Microcosm.Chubby.Tests.Etcd;

/// <summary>When leases end, by a member's clock.</summary>
public sealed class LeaseDeadlineTests
{
    private readonly LeaseDeadlines _deadlines = new();

    [Fact]
    public void A_lease_ends_after_its_time_and_a_renewal_gives_it_all_of_it_again()
    {
        var lease = new EtcdLease(1, 10);
        _deadlines.Set(lease, 0);
        _deadlines.Set(new EtcdLease(2, 5), 0);
        Assert.Equal(5_000, _deadlines.NextMs);
        Assert.Equal([2L], _deadlines.Expired(5_000));
        Assert.Equal(9, _deadlines.RemainingSeconds(1, 1));
        _deadlines.Renew(lease, 9_999);
        Assert.Equal([2L], _deadlines.Expired(10_000));
        Assert.Equal([1L], _deadlines.TakeRenewed());
        Assert.Empty(_deadlines.TakeRenewed());
        Assert.Equal(-1, _deadlines.RemainingSeconds(1, 19_999));
    }

    [Fact]
    public void What_was_written_down_of_a_lease_counts_for_who_leads_next()
    {
        _deadlines.Set(new EtcdLease(1, 1000) { RemainingTtl = 10 }, 0);
        Assert.Equal(10_000, _deadlines.NextMs);
        _deadlines.Remove(1);
        Assert.Equal(long.MaxValue, _deadlines.NextMs);
    }
}
