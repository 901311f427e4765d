namespace Microcosm.Simulation;

/// <summary>What a checker found.</summary>
public enum Verdict
{
    /// <summary>An order exists that explains every answer.</summary>
    Linearizable,

    /// <summary>No order explains the answers.</summary>
    NotLinearizable,

    /// <summary>The search ran out of its steps before it knew.</summary>
    Undecided,
}
