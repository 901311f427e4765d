namespace Microcosm.Consensus;

/// <summary>A member as it is at a moment, for Inside pages.</summary>
public sealed record RaftStatus
{
    /// <summary>The group's number.</summary>
    public required long Group { get; init; }

    /// <summary>The member's own number.</summary>
    public required long Id { get; init; }

    public required RaftRole Role { get; init; }

    public required long Term { get; init; }

    /// <summary>Who leads, as far as is known; 0 for nobody.</summary>
    public required long Leader { get; init; }

    /// <summary>Whom it voted for in this term; 0 for nobody.</summary>
    public required long Vote { get; init; }

    /// <summary>The membership in use.</summary>
    public required Membership Membership { get; init; }

    /// <summary>See <see cref="RaftMember.HasQuorum"/>.</summary>
    public required bool HasQuorum { get; init; }

    /// <summary>True while reads need no confirmation.</summary>
    public required bool HoldsLease { get; init; }

    /// <summary>Index of the first entry that the log keeps.</summary>
    public required long FirstIndex { get; init; }

    /// <summary>Index of the last entry.</summary>
    public required long LastIndex { get; init; }

    public required long CommitIndex { get; init; }

    public required long AppliedIndex { get; init; }

    /// <summary>Index of the latest snapshot; 0 for none.</summary>
    public required long SnapshotIndex { get; init; }

    /// <summary>Length of the latest snapshot, in bytes.</summary>
    public required long SnapshotBytes { get; init; }

    /// <summary>What a leader knows of the other members; empty on others.</summary>
    public required IReadOnlyList<RaftFollowerStatus> Followers { get; init; }
}
