namespace Microcosm.Score;

/// <summary>What one run of one unit gave: cases passed, names of those that failed, and why it ended early if it did.</summary>
internal sealed record UnitResult(int Passed, IReadOnlyList<string> Failed, string Note);
