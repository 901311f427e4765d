namespace Microcosm.Redis;

/// <summary>
/// The server's alarm, on the node's clock: armed for the soonest of what was asked.
/// </summary>
internal sealed class ServerTimers : IAlarm, IDisposable
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
