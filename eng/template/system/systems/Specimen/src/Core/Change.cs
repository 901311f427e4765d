namespace Microcosm.Specimen;

/// <summary>A change of the state, as the log keeps it.</summary>
/// <param name="Key">Which.</param>
/// <param name="Value">What it is from now on; null for nothing.</param>
internal readonly record struct Change(string Key, string? Value);
