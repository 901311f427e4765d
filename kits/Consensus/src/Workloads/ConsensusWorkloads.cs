using Microcosm.Simulation;

namespace Microcosm.Consensus;

/// <summary>Raft groups under the simulator's faults; for <c>cosm sim</c>.</summary>
public static class ConsensusWorkloads
{
    private static readonly RaftPlan Three = new("raft") { Nodes = 4, Founders = 3 };
    private static readonly RaftPlan Five = new("raft-5") { Nodes = 5, Founders = 5 };

    private static readonly RaftPlan Lease = new("raft-lease") { Nodes = 3, Founders = 3, ChangesMembers = false, IsAboutLeases = true };

    private static readonly RaftPlan Elections = new("raft-elections")
    {
        Nodes = 3, Founders = 3, ChangesMembers = false, IsAboutElections = true,
    };

    private static readonly RaftPlan Elections5 = Elections with { Name = "raft-elections-5", Nodes = 5, Founders = 5 };

    private const string Holds = "linearizable, no acknowledged write lost, one leader a term, logs match, state machines equal";

    /// <summary>All of them. What must hold: see the summaries.</summary>
    public static IReadOnlyList<WorkloadDefinition> All { get; } =
    [
        new("raft", "Registers on 3 replicas and a fourth that comes and goes: " + Holds, () => new RaftWorkload(Three)),
        new("raft-5", "Registers on 5 replicas, several of which come and go at once: " + Holds, () => new RaftWorkload(Five)),
        new("raft-elections", "Registers on 3 replicas that fail all the time: " + Holds, () => new RaftWorkload(Elections)),
        new("raft-elections-5", "Registers on 5 replicas that fail all the time: " + Holds, () => new RaftWorkload(Elections5)),
        new("raft-lease", "Reads by lease on 3 replicas whose clocks drift up to the bound: " + Holds, () => new RaftWorkload(Lease)),
    ];
}
