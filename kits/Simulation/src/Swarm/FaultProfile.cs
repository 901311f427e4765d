namespace Microcosm.Simulation;

/// <summary>What may fail in a workload. A system says here which faults it promises to stand.</summary>
public sealed record FaultProfile
{
    /// <summary>Kinds that may occur; each run uses a random subset (Groce et al., "Swarm testing", ISSTA 2012).</summary>
    public IReadOnlyList<FaultKind> Kinds { get; init; } = Enum.GetValues<FaultKind>();

    /// <summary>Most faults in a run.</summary>
    public int FaultsMax { get; init; } = 12;

    /// <summary>Longest a crash, pause or partition lasts.</summary>
    public int OutageMsMax { get; init; } = 800;

    /// <summary>Most that a link is slowed.</summary>
    public int SlowMsMax { get; init; } = 150;

    /// <summary>Slowest sync.</summary>
    public int SyncMsMax { get; init; } = 60;

    /// <summary>Most that a clock drifts, either way, in parts per million.</summary>
    public int DriftPpmMax { get; init; } = 1_000;

    /// <summary>Most that a wall clock jumps, either way.</summary>
    public int JumpMsMax { get; init; } = 5_000;

    /// <summary>Most bytes that a disk still takes before it is full.</summary>
    public int DiskBytesMax { get; init; } = 2_000;
}
