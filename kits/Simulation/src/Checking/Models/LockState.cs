namespace Microcosm.Simulation;

/// <summary>A lock between two operations.</summary>
/// <param name="Holder">The client that holds it, or -1.</param>
/// <param name="Token">The highest token given out; with <paramref name="TokenIsKnown"/> false, the lowest that it can be.</param>
/// <param name="TokenIsKnown">False after an acquisition whose answer was lost.</param>
public readonly record struct LockState(int Holder, long Token, bool TokenIsKnown);
