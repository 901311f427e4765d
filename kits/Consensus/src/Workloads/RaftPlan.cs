namespace Microcosm.Consensus;

/// <summary>What distinguishes the simulated groups.</summary>
internal sealed record RaftPlan(string Name)
{
    /// <summary>Nodes in the world, raft-1 and so on.</summary>
    public required int Nodes { get; init; }

    /// <summary>How many of them found the group; the others may join.</summary>
    public required int Founders { get; init; }

    /// <summary>
    /// All about reads by lease, of one register: most clients only read, from whom they read before, and no fault comes between them and
    /// the members. What fails is one of <see cref="LeaseRisk"/>, as the seed says.
    /// </summary>
    public bool IsAboutLeases { get; init; }

    /// <summary>The one risk that all seeds are about.</summary>
    public LeaseRisk? Risk { get; init; }

    /// <summary>False where leases do not reckon with clocks that drift; what comes of it is for clients to see.</summary>
    public bool GuardsLeases { get; init; } = true;

    /// <summary>All about who leads, and what leaders leave behind that fell.</summary>
    public bool IsAboutElections { get; init; }

    public static string NameOf(long id) => "raft-" + id;
}
