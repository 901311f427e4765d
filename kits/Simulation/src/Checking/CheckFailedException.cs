namespace Microcosm.Simulation;

/// <summary>A checker found the system at fault.</summary>
/// <param name="kind">Short and stable, for example <c>linearizability</c> or <c>durability.lost</c>: shrinking keeps to failures of one
/// kind.</param>
/// <param name="explanation">For people.</param>
public sealed class CheckFailedException(string kind, string explanation) : Exception($"{kind}: {explanation}")
{
    /// <summary>What sort of failure it is.</summary>
    public string Kind { get; } = kind;

    /// <summary>What exactly is wrong, with times.</summary>
    public string Explanation { get; } = explanation;
}
