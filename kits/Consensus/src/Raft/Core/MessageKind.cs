namespace Microcosm.Consensus;

/// <summary>The messages of the protocol.</summary>
internal enum MessageKind : byte
{
    /// <summary>Could I win? Index and LogTerm name the last entry, Term the term it would be.</summary>
    PreVote = 1,
    PreVoteResponse = 2,

    /// <summary>Vote for me. Index and LogTerm name the last entry; IsForced by a leader's will (thesis 3.10).</summary>
    Vote = 3,
    VoteResponse = 4,

    /// <summary>Entries behind the one that Index and LogTerm name.</summary>
    Append = 5,

    /// <summary>Index is the last entry known to match; of a rejection, the one that was refused, with Hint and HintTerm.</summary>
    AppendResponse = 6,
    Heartbeat = 7,
    HeartbeatResponse = 8,

    /// <summary>A part of the snapshot that Index, LogTerm and Membership name, at Offset; IsLast of the last one.</summary>
    Snapshot = 9,

    /// <summary>Offset is where to go on.</summary>
    SnapshotResponse = 10,

    /// <summary>Start an election at once (thesis 3.10).</summary>
    TimeoutNow = 11,

    /// <summary>A follower asks for a read index; Context is its own.</summary>
    ReadIndex = 12,

    /// <summary>Index may be read once it is applied.</summary>
    ReadIndexResponse = 13,
}
