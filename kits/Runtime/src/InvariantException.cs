namespace Microcosm.Runtime;

/// <summary>A bug in a node: one of its invariants does not hold.</summary>
public sealed class InvariantException(string what) : Exception("Invariant violated: " + what);
