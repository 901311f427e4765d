namespace Microcosm.Consensus;

/// <summary>How far a snapshot has come in.</summary>
internal readonly record struct IncomingSnapshot(long From, long Index, long Term, long NextOffset);
