namespace Microcosm.Runtime.Tests;

public sealed class WorldClockTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Advance_fires_timers_in_order_each_at_its_own_instant()
    {
        var clock = new WorldClock(null, Start);
        var fired = new List<(string, TimeSpan)>();
        Arm("late", 30);
        Arm("early", 10);
        Arm("tie", 10);
        clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal([("early", TimeSpan.FromSeconds(10)), ("tie", TimeSpan.FromSeconds(10)), ("late", TimeSpan.FromSeconds(30))], fired);

        void Arm(string name, int seconds) =>
            clock.CreateTimer(_ => fired.Add((name, clock.GetUtcNow() - Start)), null, TimeSpan.FromSeconds(seconds),
                Timeout.InfiniteTimeSpan);
    }

    [Fact]
    public void A_periodic_timer_fires_once_a_period_across_one_jump()
    {
        var clock = new WorldClock(null, Start);
        var count = 0;
        using var timer = clock.CreateTimer(_ => count++, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(10, count);
    }

    [Fact]
    public void A_changed_or_disposed_timer_does_not_fire_at_its_old_time()
    {
        var clock = new WorldClock(null, Start);
        var fired = 0;
        var timer = clock.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        timer.Change(TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan);
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(0, fired);
        timer.Dispose();
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(0, fired);
    }

    [Fact]
    public async Task A_standing_clock_lets_no_time_pass_for_Task_Delay()
    {
        var clock = new WorldClock(null, Start);
        var delay = Task.Delay(TimeSpan.FromHours(2), clock);
        clock.Advance(TimeSpan.FromHours(1));
        Assert.False(delay.IsCompleted);
        clock.Advance(TimeSpan.FromHours(1));
        await delay.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void A_skewed_node_is_off_by_its_offset_and_drift()
    {
        var clock = new WorldClock(null, Start);
        var node = new NodeClock(clock, new NodeExecutor(new SerialCarrier(), "n")) { Offset = TimeSpan.FromSeconds(3) };
        Assert.Equal(Start.AddSeconds(3), node.GetUtcNow());
        node.DriftPpm = 100_000;
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(Start.AddSeconds(14), node.GetUtcNow());
        var now = TrueTime.Now(node);
        Assert.Equal(node.ErrorBound * 2, now.Latest - now.Earliest);
    }
}
