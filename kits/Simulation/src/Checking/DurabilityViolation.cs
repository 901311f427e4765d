namespace Microcosm.Simulation;

/// <summary>One thing that is wrong with what a system kept.</summary>
public sealed record DurabilityViolation(DurabilityViolationKind Kind, string Explanation);
