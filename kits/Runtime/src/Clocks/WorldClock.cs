namespace Microcosm.Runtime;

/// <summary>
/// The clock of a world. It runs at a rate: 1 is real time, 10 ten times as fast, 0 stands still until <see cref="Advance"/> moves it.
/// Timers fire in the order of their times (ties: in the order of their creation), each at its own instant, also when the clock jumps.
/// Thread-safe.
/// </summary>
public sealed class WorldClock : TimeProvider, IDisposable
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<WorldTimer, (long At, long Order)> _timers = new();
    private readonly TimeProvider? _real;
    private readonly ITimer? _alarm;
    private long _order;
    private long _nowTicks;
    private long _realStart;
    private double _rate;

    /// <summary>A clock that runs with <paramref name="real"/> time, or one that only <see cref="Advance"/> moves when that is
    /// null.</summary>
    /// <param name="rate">World seconds per real second, at first.</param>
    public WorldClock(TimeProvider? real, DateTimeOffset start, double rate = 1)
    {
        _nowTicks = start.UtcTicks;
        _real = real;
        if (real is null)
            return;
        _rate = rate;
        _realStart = real.GetTimestamp();
        _alarm = real.CreateTimer(static c => ((WorldClock)c!).FireDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>A clock that shows <paramref name="real"/> time and runs with it.</summary>
    public WorldClock(TimeProvider real)
        : this(real, real.GetUtcNow())
    {
        // Read again, both side by side, and the closest pair kept: what passes in between sets this clock off for good.
        var closest = long.MaxValue;
        for (var i = 0; i < 5; i++)
        {
            var before = real.GetTimestamp();
            var now = real.GetUtcNow().UtcTicks;
            var between = real.GetTimestamp() - before;
            if (between >= closest)
                continue;
            closest = between;
            (_nowTicks, _realStart) = (now, before);
        }
    }

    /// <summary>World seconds per real second; 0 while the clock stands.</summary>
    public double Rate
    {
        get
        {
            lock (_gate)
                return _rate;
        }
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            Invariant.Check(_real is not null || value == 0);
            lock (_gate)
            {
                _nowTicks = NowLocked();
                _realStart = _real!.GetTimestamp();
                _rate = value;
                ArmLocked();
            }
        }
    }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>When the next timer is due, UTC ticks; <see cref="long.MaxValue"/> when there is none.</summary>
    public long NextTimerTicks
    {
        get
        {
            lock (_gate)
                return NextLocked();
        }
    }

    /// <summary>Timers that wait.</summary>
    public int PendingTimers
    {
        get
        {
            lock (_gate)
                return _timers.Count;
        }
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => new(GetTimestamp(), TimeSpan.Zero);

    /// <inheritdoc/>
    public override long GetTimestamp()
    {
        lock (_gate)
            return NowLocked();
    }

    /// <summary>Moves the clock forward, firing what comes due at its own instant.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        long target;
        lock (_gate)
            target = NowLocked() + by.Ticks;
        AdvanceTo(target);
    }

    /// <summary>The same, to an instant in UTC ticks; nothing happens if that is past.</summary>
    public void AdvanceTo(long targetTicks)
    {
        while (true)
        {
            WorldTimer? due;
            lock (_gate)
            {
                due = TakeDueLocked(targetTicks, out var at);
                var to = due is null ? targetTicks : at;
                if (to > NowLocked())
                    SetNowLocked(to);
                if (due is null)
                {
                    ArmLocked();
                    return;
                }
            }
            due.Fire();
        }
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new WorldTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Stops the clock's own alarm. Timers fire no more.</summary>
    public void Dispose() => _alarm?.Dispose();

    internal void Schedule(WorldTimer timer, TimeSpan due, TimeSpan period)
    {
        lock (_gate)
        {
            timer.Version++;
            timer.Period = period;
            if (due == Timeout.InfiniteTimeSpan)
                return;
            EnqueueLocked(timer, NowLocked() + Math.Max(0, due.Ticks));
            ArmLocked();
        }
    }

    private void EnqueueLocked(WorldTimer timer, long at)
    {
        timer.DueTicks = at;
        timer.QueuedVersion = timer.Version;
        _timers.Enqueue(timer, (at, _order++));
    }

    private WorldTimer? TakeDueLocked(long until, out long at)
    {
        while (_timers.TryPeek(out var timer, out var when) && when.At <= until)
        {
            _timers.Dequeue();
            at = when.At;
            if (timer.Version != timer.QueuedVersion || timer.DueTicks != at)
                continue;
            if (timer.Period != Timeout.InfiniteTimeSpan && timer.Period > TimeSpan.Zero)
                EnqueueLocked(timer, at + timer.Period.Ticks);
            else
                timer.DueTicks = -1;
            return timer;
        }
        at = 0;
        return null;
    }

    private void FireDue() => AdvanceTo(GetTimestamp());

    private long NowLocked() =>
        _rate == 0 ? _nowTicks : _nowTicks + (long)(_real!.GetElapsedTime(_realStart).Ticks * _rate);

    private void SetNowLocked(long ticks)
    {
        _nowTicks = ticks;
        if (_real is not null)
            _realStart = _real.GetTimestamp();
    }

    private long NextLocked()
    {
        while (_timers.TryPeek(out var timer, out var when))
        {
            if (timer.Version == timer.QueuedVersion && timer.DueTicks == when.At)
                return when.At;
            _timers.Dequeue();
        }
        return long.MaxValue;
    }

    private void ArmLocked()
    {
        if (_alarm is null)
            return;
        var next = NextLocked();
        var now = NowLocked();
        if (next == long.MaxValue || (_rate == 0 && next > now))
        {
            _alarm.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return;
        }
        var wait = next <= now ? 0 : Math.Min((next - now) / _rate, TimeSpan.FromDays(20).Ticks);
        // Rounded up to a millisecond: the operating system's timers are no finer, and an early alarm would only come again.
        _alarm.Change(TimeSpan.FromMilliseconds(Math.Ceiling(wait / TimeSpan.TicksPerMillisecond)), Timeout.InfiniteTimeSpan);
    }
}
