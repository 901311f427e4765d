namespace Microcosm.Consensus;

/// <summary>Why a request was not taken. None of these has any effect.</summary>
public enum RaftRefusal : byte
{
    /// <summary>It was taken.</summary>
    None,

    /// <summary>This member does not lead; <see cref="RaftCore.Leader"/> says who may.</summary>
    NotLeader,

    /// <summary>Leadership is being handed over.</summary>
    TransferInProgress,

    /// <summary>More payload is uncommitted than the limit allows.</summary>
    TooMuchUncommitted,

    /// <summary>The payload is over <see cref="RaftOptions.EntryBytesMax"/>.</summary>
    EntryTooLarge,

    /// <summary>Too many reads wait.</summary>
    TooManyReads,

    /// <summary>The latest change of membership is not committed, or the group is still in joint consensus.</summary>
    ChangeInProgress,

    /// <summary>The leader has not committed an entry of its own term yet, so it may not change the membership.</summary>
    TermNotCommitted,

    /// <summary>The change is none, or it would leave no voter.</summary>
    InvalidChange,

    /// <summary>The node is no voter.</summary>
    NotVoter,
}
