namespace Microcosm.Consensus;

/// <summary>What a member does in its term. A learner is a follower that has no vote.</summary>
public enum RaftRole : byte
{
    Follower,

    /// <summary>Asks whether it could win (thesis 9.6).</summary>
    PreCandidate,

    Candidate,
    Leader,
}
