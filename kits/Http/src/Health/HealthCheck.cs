using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>
/// The active check of one server: when it is due, and what its results make of the server. Pure: time, lots and results are passed in.
/// Invariants: one check is under way at most; the state changes only when one ends; of results in a row there are only failures or only
/// passes.
/// </summary>
public sealed class HealthCheck
{
    private readonly HealthCheckOptions _options;
    private long _beganMs;

    /// <summary>The first check is due at once, so that a server that is mandatory to check is used soon.</summary>
    public HealthCheck(HealthCheckOptions options, long nowMs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.IntervalMs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.TimeoutMs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.JitterMs, 0);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Fails, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Passes, 1);
        (_options, DueMs) = (options, nowMs);
        State = options.IsMandatory ? HealthState.Checking : HealthState.Healthy;
    }

    /// <summary>What the server is.</summary>
    public HealthState State { get; private set; }

    /// <summary>A check is under way.</summary>
    public bool IsUnderWay { get; private set; }

    /// <summary>When the next check is to begin; of one that is under way, when it will have taken too long.</summary>
    public long DueMs { get; private set; }

    /// <summary>Checks that ended.</summary>
    public long Checks { get; private set; }

    /// <summary>Those that failed.</summary>
    public long Failures { get; private set; }

    /// <summary>How often the server became unhealthy.</summary>
    public long Falls { get; private set; }

    /// <summary>Failures since the last pass.</summary>
    public int FailsInRow { get; private set; }

    /// <summary>Passes since the last failure.</summary>
    public int PassesInRow { get; private set; }

    /// <summary>A check begins.</summary>
    public void Begin(long nowMs)
    {
        Invariant.Check(!IsUnderWay);
        (IsUnderWay, _beganMs, DueMs) = (true, nowMs, nowMs + _options.TimeoutMs);
    }

    /// <summary>The check has ended. True where the state is another now.</summary>
    /// <param name="lot">From 0 to 1: how much of the jitter the next check is late.</param>
    public bool End(bool hasPassed, long nowMs, double lot)
    {
        Invariant.Check(IsUnderWay);
        IsUnderWay = false;
        // A check that took longer than the interval is followed by the next one at once, and by one only.
        DueMs = Math.Max(nowMs, _beganMs + _options.IntervalMs + (long)(lot * _options.JitterMs));
        Checks++;
        Failures += hasPassed ? 0 : 1;
        (FailsInRow, PassesInRow) = hasPassed ? (0, PassesInRow + 1) : (FailsInRow + 1, 0);
        var before = State;
        State = Next(hasPassed);
        Falls += State == HealthState.Unhealthy && before != State ? 1 : 0;
        return State != before;
    }

    /// <summary>Another generation of this check was sure of the server: it need not wait for its first pass.</summary>
    public void Trust()
    {
        Invariant.Check(Checks == 0);
        State = HealthState.Healthy;
    }

    // The first result says all there is to know of a server that waits for it; later ones have to be in a row.
    private HealthState Next(bool hasPassed) => State switch
    {
        HealthState.Checking => hasPassed ? HealthState.Healthy : HealthState.Unhealthy,
        HealthState.Healthy when FailsInRow >= _options.Fails => HealthState.Unhealthy,
        HealthState.Unhealthy when PassesInRow >= _options.Passes => HealthState.Healthy,
        _ => State,
    };
}
