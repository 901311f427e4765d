namespace Microcosm.Simulation;

/// <summary>What a scheduled fault does while it lasts.</summary>
public enum FaultKind
{
    /// <summary>The target dies at once; what it had not synced is lost, kept or torn. It starts again when the fault ends.</summary>
    Crash,

    /// <summary>
    /// The same, but in the middle of a sync: of the one whose number, counted from the fault's beginning, is the amount. Unlike a crash at
    /// any time it nearly always meets something that is not yet safe.
    /// </summary>
    CrashInSync,

    /// <summary>The target does not run and does not know it.</summary>
    Pause,

    /// <summary>Nothing passes between the target and the other, or all others.</summary>
    Partition,

    /// <summary>Nothing passes from the target to the other.</summary>
    OneWay,

    /// <summary>
    /// What passes between the two takes up to the amount in ms longer, each connection on its own: messages overtake each other.
    /// </summary>
    Slow,

    /// <summary>The target's clock runs fast or slow by the amount in parts per million.</summary>
    ClockDrift,

    /// <summary>The target's wall clock is off by the amount in ms.</summary>
    ClockJump,

    /// <summary>The target's syncs take the amount in ms.</summary>
    SlowDisk,

    /// <summary>
    /// Of the target's disk operations of the other's kind (<c>sync</c>, <c>write</c>, <c>read</c>, <c>*</c>) every so-many-th fails
    /// with EIO; what a failed sync covered may be lost although a later one succeeds.
    /// </summary>
    DiskError,

    /// <summary>The target's disk is full after so many bytes more: the write that does not fit is cut short and fails with
    /// ENOSPC.</summary>
    DiskFull,

    /// <summary>
    /// At one moment the connections that are open between the target and the other, or all others, are reset: both ends see it, and bytes
    /// on their way are lost. All live on and may connect again at once.
    /// </summary>
    Reset,
}
