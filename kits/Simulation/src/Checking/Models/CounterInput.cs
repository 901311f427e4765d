namespace Microcosm.Simulation;

/// <summary>Adds to a counter and answers the sum; adding 0 reads.</summary>
/// <param name="Key">Which counter.</param>
/// <param name="Add">What to add.</param>
public readonly record struct CounterInput(string Key, long Add);
