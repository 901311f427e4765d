namespace Microcosm.Simulation;

/// <summary>What may fail in a workload. A system says here which faults it promises to stand.</summary>
public sealed record FaultProfile
{
    /// <summary>Kinds that may occur; each run uses a random subset (Groce et al., "Swarm testing", ISSTA 2012).</summary>
    public IReadOnlyList<FaultKind> Kinds { get; init; } = Enum.GetValues<FaultKind>();

    /// <summary>
    /// Moments in the life of nodes that the workload tells of (<see cref="SimulatedWorld.Comes"/>): where there are any, half of the
    /// faults meet a node as it comes to one.
    /// </summary>
    public IReadOnlyList<string> Moments { get; init; } = [];

    /// <summary>
    /// Short sequences of faults that tell more together than chance would bring together. Where there are any, every run plays some,
    /// each from a time and at a pace of the seed's; <c>#1</c>, <c>#2</c> … stand for different nodes.
    /// </summary>
    public IReadOnlyList<FaultSchedule> Scenes { get; init; } = [];

    /// <summary>Most faults in a run, besides scenes.</summary>
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
