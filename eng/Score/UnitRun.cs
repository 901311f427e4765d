namespace Microcosm.Score;

/// <summary>One unit of a suite on both sides.</summary>
internal sealed record UnitRun(string Unit, UnitResult Real, UnitResult Ours);
