using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>
/// Real time for one loop: timers fire on the executor, and a turn has one time, that of the first look, as it has in nginx
/// (ngx_time_update): a request looks at the clock half a dozen times.
/// </summary>
internal sealed class ExecutorClock(TimeProvider real, NodeExecutor executor) : TimeProvider
{
    private readonly EventLoop _loop = (EventLoop)executor.Carrier;
    private long _turn = -1;
    private long _timestamp;
    private DateTimeOffset _utcNow;

    public override long TimestampFrequency => real.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => real.LocalTimeZone;

    public override long GetTimestamp()
    {
        if (!_loop.IsCurrent)
            return real.GetTimestamp();
        Look();
        return _timestamp;
    }

    public override DateTimeOffset GetUtcNow()
    {
        if (!_loop.IsCurrent)
            return real.GetUtcNow();
        Look();
        return _utcNow;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var work = new SendOrPostCallback(callback);
        return real.CreateTimer(_ => executor.Post(work, state), null, dueTime, period);
    }

    private void Look()
    {
        if (_turn == _loop.Turn)
            return;
        (_turn, _timestamp, _utcNow) = (_loop.Turn, real.GetTimestamp(), real.GetUtcNow());
    }
}
