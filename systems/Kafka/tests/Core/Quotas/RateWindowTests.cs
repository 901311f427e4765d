namespace Microcosm.Kafka.Tests.Core;

/// <summary>The rate that quotas are measured by, worked out by hand from Kafka's definition: 11 samples of one second.</summary>
public sealed class RateWindowTests
{
    [Fact]
    public void The_first_ten_windows_are_counted_in_though_they_were_silent()
    {
        var rate = new RateWindow(11, 1_000);
        rate.Record(1_000, 50_000);
        // 1,000 over 10 s are 100 a second.
        Assert.Equal(0, rate.ThrottleMs(100, 50_000));
        // Twice the limit: as long again as was measured.
        Assert.Equal(10_000, rate.ThrottleMs(50, 50_000));
        // Half a second later it is 1,000 over 10.5 s: 95.238 a second, 90.476 % above 50 of 10.5 s.
        Assert.Equal(9_500, rate.ThrottleMs(50, 50_500));
    }

    [Fact]
    public void What_is_older_than_all_windows_is_forgotten()
    {
        var rate = new RateWindow(11, 1_000);
        rate.Record(1_000, 0);
        Assert.False(rate.IsIdle(10_999));
        Assert.NotEqual(0, rate.ThrottleMs(1, 10_999));
        Assert.True(rate.IsIdle(11_000));
        Assert.Equal(0, rate.ThrottleMs(1, 11_000));
    }

    [Fact]
    public void A_steady_rate_is_measured_as_it_is()
    {
        var rate = new RateWindow(11, 1_000);
        for (var ms = 0; ms < 60_000; ms += 100)
        {
            rate.Record(10, ms);
            Assert.Equal(0, rate.ThrottleMs(101, ms));
            if (ms > 20_000)
                Assert.NotEqual(0, rate.ThrottleMs(95, ms));
        }
    }

    [Fact]
    public void An_idle_window_says_no_more_than_a_new_one()
    {
        var (old, fresh) = (new RateWindow(11, 1_000), new RateWindow(11, 1_000));
        for (var ms = 0; ms < 30_000; ms += 700)
            old.Record(5_000, ms);
        Assert.True(old.IsIdle(41_000));
        for (var ms = 41_000; ms < 60_000; ms += 300)
        {
            old.Record(ms % 1_700, ms);
            fresh.Record(ms % 1_700, ms);
            Assert.Equal(fresh.ThrottleMs(1_000, ms), old.ThrottleMs(1_000, ms));
        }
    }
}
