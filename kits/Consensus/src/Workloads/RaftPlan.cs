using Microcosm.Simulation;

namespace Microcosm.Consensus;

/// <summary>What distinguishes the simulated groups.</summary>
internal sealed record RaftPlan(string Name)
{
    /// <summary>Nodes in the world, raft-1 and so on.</summary>
    public required int Nodes { get; init; }

    /// <summary>How many of them found the group; the others may join.</summary>
    public required int Founders { get; init; }

    /// <summary>Which faults there may be.</summary>
    public IReadOnlyList<FaultKind> Faults { get; init; } = Enum.GetValues<FaultKind>();

    /// <summary>Most that a clock drifts, in parts per million.</summary>
    public int DriftPpm { get; init; } = 200_000;

    /// <summary>What the members assume of that.</summary>
    public int DriftBoundPpm { get; init; } = 200_000;

    /// <summary>Members come and go, and leadership is handed over, while clients work.</summary>
    public bool ChangesMembers { get; init; } = true;

    /// <summary>All reads go by lease; otherwise a seed decides.</summary>
    public bool LeaseOnly { get; init; }

    public static string NameOf(long id) => "raft-" + id;
}
