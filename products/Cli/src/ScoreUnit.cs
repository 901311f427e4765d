namespace Microcosm.Cli;

/// <summary>A line of a score table.</summary>
/// <param name="Name">Unit of the peer's suite: <c>unit/expire</c>.</param>
/// <param name="Real">Cases that the real server passes.</param>
/// <param name="Ours">Cases that ours passes.</param>
/// <param name="Note">What else there is to know: <c>timed out</c>.</param>
internal sealed record ScoreUnit(string Name, int Real, int Ours, string Note);
