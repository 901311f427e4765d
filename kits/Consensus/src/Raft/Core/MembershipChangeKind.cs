namespace Microcosm.Consensus;

/// <summary>What becomes of a node.</summary>
public enum MembershipChangeKind : byte
{
    /// <summary>It has a vote; a learner is promoted.</summary>
    AddVoter,

    /// <summary>It gets the log and has no vote; a voter is demoted.</summary>
    AddLearner,

    /// <summary>It is no member any more.</summary>
    Remove,
}
