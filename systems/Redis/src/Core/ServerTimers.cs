namespace Microcosm.Redis;

/// <summary>
/// One alarm for all that is due at a time: expiry, blocked clients, periodic work. Armed for the soonest, on the node's clock.
/// </summary>
internal sealed class ServerTimers : IDisposable
{
    private readonly TimeProvider _clock;
    private readonly Action _onDue;
    private readonly ITimer _timer;
    private long _armedMs = long.MaxValue;

    public ServerTimers(TimeProvider clock, Action onDue)
    {
        _clock = clock;
        _onDue = onDue;
        _timer = clock.CreateTimer(static s => ((ServerTimers)s!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Asks to be woken at <paramref name="atMs"/> (Unix milliseconds) or sooner.</summary>
    public void Arm(long atMs)
    {
        if (atMs >= _armedMs)
            return;
        _armedMs = atMs;
        var delay = Math.Max(0, atMs - _clock.GetUtcNow().ToUnixTimeMilliseconds());
        _timer.Change(TimeSpan.FromMilliseconds(delay), Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();

    private void Fire()
    {
        _armedMs = long.MaxValue;
        _onDue();
    }
}
