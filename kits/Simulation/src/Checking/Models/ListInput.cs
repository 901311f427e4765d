namespace Microcosm.Simulation;

/// <summary>Appends to a list, or reads the whole of it.</summary>
/// <param name="Key">Which list.</param>
/// <param name="Append">The value, unique in the run so that a read tells who wrote what; null reads.</param>
public readonly record struct ListInput(string Key, string? Append = null);
