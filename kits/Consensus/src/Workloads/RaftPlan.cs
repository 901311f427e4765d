namespace Microcosm.Consensus;

/// <summary>What distinguishes the simulated groups.</summary>
internal sealed record RaftPlan(string Name)
{
    /// <summary>Nodes in the world, raft-1 and so on.</summary>
    public required int Nodes { get; init; }

    /// <summary>How many of them found the group; the others may join.</summary>
    public required int Founders { get; init; }

    /// <summary>Members come and go, and leadership is handed over, while clients work.</summary>
    public bool ChangesMembers { get; init; } = true;

    /// <summary>
    /// All about reads by lease: two clients only read; in half of the seeds clocks drift all the time, in the other half members crash.
    /// </summary>
    public bool IsAboutLeases { get; init; }

    /// <summary>Many short outages, short time-outs, mostly no pre-vote: leaders come and go, votes are split, logs part.</summary>
    public bool IsAboutElections { get; init; }

    public static string NameOf(long id) => "raft-" + id;
}
