namespace Microcosm.Consensus;

/// <summary>Why a group did not do what it was asked.</summary>
public enum ConsensusFailure : byte
{
    /// <summary>No leader is known, or the one that was asked does not lead. Nothing was carried out; asking again may help.</summary>
    NoLeader,

    /// <summary>Another leader came between. <see cref="ConsensusException.IsOutcomeUnknown"/> says whether the command may have been
    /// carried out all the same, or may be later.</summary>
    Dropped,

    /// <summary>The host was stopped; the outcome of what was under way is unknown.</summary>
    Stopped,

    /// <summary>A limit of <see cref="RaftOptions"/>: the command is too large, or too much waits. Nothing was carried out.</summary>
    Refused,
}
