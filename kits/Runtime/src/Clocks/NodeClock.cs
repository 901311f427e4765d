namespace Microcosm.Runtime;

/// <summary>
/// One node's clock: the world's, with an offset of the wall clock and a drift of both clocks. Timers fire on the node's executor and die
/// with it. A jump of the wall clock moves neither timers nor the monotonic timestamp, as on real machines; drift moves all three.
/// </summary>
public sealed class NodeClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly WorldClock _world;
    private readonly NodeExecutor _executor;
    private long _anchorWorld;
    private long _anchorLocal;
    private double _rate = 1;
    private long _wallOffsetTicks;

    public NodeClock(WorldClock world, NodeExecutor executor)
    {
        (_world, _executor) = (world, executor);
        // Read once: what passed between two readings would put this clock off for good.
        _anchorWorld = _anchorLocal = world.GetTimestamp();
    }

    /// <summary>How far the wall clock is off, besides drift.</summary>
    public TimeSpan Offset
    {
        get => new(Interlocked.Read(ref _wallOffsetTicks));
        set => Interlocked.Exchange(ref _wallOffsetTicks, value.Ticks);
    }

    /// <summary>Parts per million by which the clock runs fast (above 0) or slow. Running timers keep the rate they were set at.</summary>
    public double DriftPpm
    {
        get => (_rate - 1) * 1e6;
        set
        {
            lock (_gate)
            {
                var now = _world.GetTimestamp();
                (_anchorLocal, _anchorWorld) = (LocalLocked(now), now);
                _rate = 1 + value / 1e6;
            }
        }
    }

    /// <summary>Largest error that the node may assume of its own clock; what TrueTime calls epsilon.</summary>
    public TimeSpan ErrorBound { get; set; } = TimeSpan.FromMilliseconds(7);

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override long GetTimestamp()
    {
        lock (_gate)
            return LocalLocked(_world.GetTimestamp());
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => new(GetTimestamp() + Interlocked.Read(ref _wallOffsetTicks), TimeSpan.Zero);

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        TimerCallback post = s => _executor.Post(static c => ((TimerFired)c!).Run(), s);
        return _world.CreateTimer(post, new TimerFired(callback, state), Scale(dueTime), Scale(period));
    }

    private long LocalLocked(long now) => _anchorLocal + (long)((now - _anchorWorld) * _rate);

    private TimeSpan Scale(TimeSpan local) => local <= TimeSpan.Zero ? local : local / _rate;

    private sealed record TimerFired(TimerCallback Callback, object? State)
    {
        public void Run() => Callback(State);
    }
}
