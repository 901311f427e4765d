namespace Microcosm.Consensus;

/// <summary>What a snapshot stands for: the effect of all entries up to one (paper 7).</summary>
/// <param name="Index">The last entry in it; 0 for the beginning of the group.</param>
/// <param name="Term">That entry's term.</param>
/// <param name="Membership">The group as of that entry.</param>
internal sealed record SnapshotMeta(long Index, long Term, Membership Membership);
