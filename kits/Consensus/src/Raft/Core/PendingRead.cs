namespace Microcosm.Consensus;

/// <summary>A read that waits for a round. Its index is what was committed when it came; −1 until the leader knows that.</summary>
/// <param name="Context">Whose it is.</param>
/// <param name="From">The member that asked; the leader itself for its own.</param>
internal readonly record struct PendingRead(long Context, long From, long Index, long Round);
