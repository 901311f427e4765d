namespace Microcosm.Consensus;

/// <summary>What a leader knows of one of the others.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Node">Its node's name.</param>
/// <param name="IsVoter">False for a learner.</param>
/// <param name="State">How entries go to it: <c>Probe</c>, <c>Replicate</c> or <c>Snapshot</c>.</param>
/// <param name="Match">Up to here its log is known to be the leader's.</param>
/// <param name="Next">What is sent next.</param>
/// <param name="HeardMsAgo">How long ago it was heard of.</param>
public sealed record RaftFollowerStatus(long Id, string Node, bool IsVoter, string State, long Match, long Next, long HeardMsAgo);
