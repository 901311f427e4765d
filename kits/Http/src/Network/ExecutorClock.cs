using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>Real time for one loop: read without a lock, and timers fire on the executor.</summary>
internal sealed class ExecutorClock(TimeProvider real, NodeExecutor executor) : TimeProvider
{
    public override long TimestampFrequency => real.TimestampFrequency;

    public override long GetTimestamp() => real.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => real.GetUtcNow();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var work = new SendOrPostCallback(callback);
        return real.CreateTimer(_ => executor.Post(work, state), null, dueTime, period);
    }
}
