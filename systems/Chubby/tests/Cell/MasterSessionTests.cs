using Microcosm.Chubby.Client;

namespace Microcosm.Chubby.Cell.Tests;

public sealed class MasterSessionTests
{
    private readonly MasterSession _session = new(1, isFlushed: true);

    [Fact]
    public void What_was_told_waits_until_it_is_acknowledged()
    {
        _session.Tell(Event());
        _session.Tell(CacheTable.Invalidation("/a"));
        var taken = _session.TakenAsync();
        _session.Acknowledge(1);
        Assert.False(taken.IsCompleted);
        Assert.Equal(2, Assert.Single(_session.Notices).Number);
        _session.Acknowledge(2);
        Assert.True(taken.IsCompleted);
        Assert.Empty(_session.Notices);
    }

    [Fact]
    [Trait("Limit", "EventsMax")]
    public void Who_falls_too_far_behind_loses_events_is_told_so_once_and_loses_no_invalidation()
    {
        for (var i = 0; i < CellLimits.EventsMax + 100; i++)
            _session.Tell(Event());
        Assert.Equal(CellLimits.EventsMax + 1, _session.Notices.Count);
        Assert.Equal(ChubbyEvents.MasterFailedOver, _session.Notices.Last().Kind);
        _session.Tell(CacheTable.Invalidation("/a"));
        Assert.Equal("/a", _session.Notices.Last().Text);
        _session.Acknowledge(long.MaxValue);
        _session.Tell(Event());
        Assert.Equal(ChubbyEvents.ContentsChanged, Assert.Single(_session.Notices).Kind);
    }

    private static MasterNotice Event() => new(0, 7, ChubbyEvents.ContentsChanged, "");
}
