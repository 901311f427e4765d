using Microcosm.Runtime;

namespace Microcosm.Chubby.Client;

/// <summary>
/// The lease as the client counts it, never longer than the master does (OSDI'06 2.8). Times are timestamps of the client's clock in ticks
/// of 100 ns. Invariant: while it is safe the master has granted at least as much.
/// </summary>
internal sealed class LocalLease(int driftPpmMax, TimeSpan grace)
{
    private long? _end;

    /// <summary>The state as of the last look.</summary>
    public SessionState State { get; private set; } = SessionState.Jeopardy;

    /// <summary>When there is something to look at; never before the first lease.</summary>
    public long NextLook => _end is { } end ? State == SessionState.Safe ? end : end + grace.Ticks : long.MaxValue;

    /// <summary>
    /// A KeepAlive was answered. Its reply left the master no earlier than it was sent and held back: from then the lease runs, on a clock
    /// that may be slower than the master's.
    /// </summary>
    public void Extend(long sentAt, TimeSpan held, TimeSpan lease, long now)
    {
        var end = sentAt + Shorter(held.Ticks) + Shorter(lease.Ticks);
        if (Bug.IsPlanted("chubby/lease-without-end"))
            end += TimeSpan.TicksPerHour;
        _end = Math.Max(_end ?? end, end);
        if (State != SessionState.Expired && now < _end)
            State = SessionState.Safe;
    }

    /// <summary>True while the cache may be used at this time.</summary>
    public bool IsSafe(long now) => State == SessionState.Safe && now < _end;

    /// <summary>Time has passed; answers the state.</summary>
    public SessionState Look(long now)
    {
        if (State == SessionState.Safe && now >= _end)
            State = SessionState.Jeopardy;
        if (State == SessionState.Jeopardy && now >= _end + grace.Ticks)
            State = SessionState.Expired;
        return State;
    }

    /// <summary>A master says that the session is gone.</summary>
    public void Expire() => State = SessionState.Expired;

    private long Shorter(long ticks) => ticks - (long)(ticks * (driftPpmMax / 1e6));
}
