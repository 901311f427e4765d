namespace Microcosm.Simulation;

/// <summary>A register's answer.</summary>
/// <param name="Value">Of a read.</param>
/// <param name="Swapped">Of a compare-and-set.</param>
public readonly record struct RegisterOutput(string? Value = null, bool Swapped = false);
