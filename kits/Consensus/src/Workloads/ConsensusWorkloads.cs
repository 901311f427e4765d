using Microcosm.Simulation;

namespace Microcosm.Consensus;

/// <summary>Raft groups under the simulator's faults; for <c>cosm sim</c>.</summary>
public static class ConsensusWorkloads
{
    private static readonly RaftPlan Three = new("raft") { Nodes = 4, Founders = 3 };
    private static readonly RaftPlan Five = new("raft-5") { Nodes = 5, Founders = 5 };

    private static readonly RaftPlan Lease = new("raft-lease") { Nodes = 3, Founders = 3, IsAboutLeases = true };

    private static readonly RaftPlan Elections = new("raft-elections") { Nodes = 3, Founders = 3, IsAboutElections = true };
    private static readonly RaftPlan Elections5 = Elections with { Name = "raft-elections-5", Nodes = 5, Founders = 5 };

    private const string Holds = "linearizable, no acknowledged write lost, one leader a term, one at a time that holds a lease, "
        + "logs match, state machines equal";

    /// <summary>All of them. What must hold: see the summaries.</summary>
    public static IReadOnlyList<WorkloadDefinition> All { get; } =
    [
        new("raft", "Registers on 3 replicas and a fourth that comes and goes: " + Holds, () => new RaftWorkload(Three)),
        new("raft-5", "Registers on 5 replicas, several of which come and go at once: " + Holds, () => new RaftWorkload(Five)),
        new("raft-elections", "Registers on 3 replicas that fail all the time: " + Holds, () => new RaftWorkload(Elections)),
        new("raft-elections-5", "Registers on 5 replicas that fail all the time: " + Holds, () => new RaftWorkload(Elections5)),
        new("raft-lease", "Leases of 3 replicas whose clocks drift, that restart, hand over: " + Holds, () => new RaftWorkload(Lease)),
    ];

    /// <summary>Clocks that drift up to the bound that leases reckon with; part of <c>raft-lease</c>.</summary>
    internal static WorkloadDefinition Skewed { get; } = Drifting("raft-lease-skewed", isGuarded: true);

    /// <summary>The same clocks, and leases that take them for perfect: it fails, and should.</summary>
    internal static WorkloadDefinition Unguarded { get; } = Drifting("raft-lease-unguarded", isGuarded: false);

    private static WorkloadDefinition Drifting(string name, bool isGuarded)
    {
        var plan = Lease with { Name = name, Risk = LeaseRisk.Drift, GuardsLeases = isGuarded };
        var summary = "Clocks that drift, and leases that " + (isGuarded ? "reckon" : "do not reckon") + " with it";
        return new(name, summary, () => new RaftWorkload(plan));
    }
}
