namespace Microcosm.Runtime.Tests;

public class WakeupCoalescingTests
{
    private const long TicksPerSecond = 1_000_000;

    private WakeupCoalescing _coalescing = new(TicksPerSecond);
    private long _now;

    [Fact]
    public void Many_busy_connections_are_served_together() =>
        Assert.Equal(WakeupCoalescing.RestUsMax, RestUnder(connections: 50, eventsPerTurn: 2, perSecond: 60_000));

    [Fact]
    public void Fewer_busy_connections_wait_less() =>
        Assert.InRange(RestUnder(connections: 20, eventsPerTurn: 2, perSecond: 60_000), 30, 60);

    [Fact]
    public void A_few_connections_are_answered_at_once() => Assert.Equal(0, RestUnder(connections: 8, eventsPerTurn: 2, perSecond: 60_000));

    [Fact]
    public void A_quiet_loop_answers_at_once() => Assert.Equal(0, RestUnder(connections: 50, eventsPerTurn: 1, perSecond: 5_000));

    [Fact]
    public void A_loop_with_work_does_not_rest() => Assert.Equal(0, RestUnder(connections: 50, eventsPerTurn: 20, perSecond: 500_000));

    [Fact]
    public void It_ends_with_the_load()
    {
        Assert.Equal(WakeupCoalescing.RestUsMax, RestUnder(connections: 50, eventsPerTurn: 2, perSecond: 60_000));
        Assert.Equal(0, RestUnder(connections: 2, eventsPerTurn: 1, perSecond: 30_000));
    }

    [Fact]
    public void A_turn_without_events_is_not_followed_by_a_rest()
    {
        Assert.Equal(WakeupCoalescing.RestUsMax, RestUnder(connections: 50, eventsPerTurn: 2, perSecond: 60_000));
        Assert.Equal(0, _coalescing.RestAfter(0, () => _now));
    }

    // What it says after ten windows of such a load.
    private int RestUnder(int connections, int eventsPerTurn, int perSecond)
    {
        var windows = new uint[connections];
        Array.Fill(windows, uint.MaxValue);
        var rest = 0;
        for (var i = 0; i < 640; i += eventsPerTurn)
        {
            for (var e = i; e < i + eventsPerTurn; e++)
            {
                if (windows[e % connections] == _coalescing.Window)
                    continue;
                windows[e % connections] = _coalescing.Window;
                _coalescing.Seen();
            }
            _now += eventsPerTurn * TicksPerSecond / perSecond;
            rest = _coalescing.RestAfter(eventsPerTurn, () => _now);
        }
        return rest;
    }
}
