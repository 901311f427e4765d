namespace Microcosm.Runtime;

/// <summary>A timer of a <see cref="WorldClock"/>. Changed fields are guarded by the clock.</summary>
internal sealed class WorldTimer(WorldClock clock, TimerCallback callback, object? state) : ITimer
{
    /// <summary>Counts changes; an entry of the queue with an older version is void.</summary>
    public int Version { get; set; }

    public int QueuedVersion { get; set; }

    public long DueTicks { get; set; } = -1;

    public TimeSpan Period { get; set; }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        clock.Schedule(this, dueTime, period);
        return true;
    }

    public void Fire() => callback(state);

    public void Dispose() => clock.Schedule(this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
