namespace Microcosm.Storage;

/// <summary>One change of a log, as the model keeps it: a value appended, or a truncation (no value).</summary>
internal sealed record LogChange(string? Value, long CutFrom = -1, long First = -1);
