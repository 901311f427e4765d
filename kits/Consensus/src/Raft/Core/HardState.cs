namespace Microcosm.Consensus;

/// <summary>What must survive a restart besides the log (paper, figure 2).</summary>
/// <param name="Term">Latest term seen.</param>
/// <param name="Vote">Whom this node voted for in it; 0 for nobody.</param>
/// <param name="Commit">
/// An index known to be committed, so that a restart applies at once; it may lag and needs no sync of its own.
/// </param>
internal readonly record struct HardState(long Term, long Vote, long Commit);
