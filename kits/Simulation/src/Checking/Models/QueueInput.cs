namespace Microcosm.Simulation;

/// <summary>Puts a value at the end of a queue, or takes the first.</summary>
/// <param name="Key">Which queue.</param>
/// <param name="Enqueue">The value; null takes.</param>
public readonly record struct QueueInput(string Key, string? Enqueue = null);
