namespace Microcosm.Kafka;

/// <summary>A member of a consumer group: what its records say, and its deadlines, which start anew with each coordinator.</summary>
internal sealed class ConsumerMember(string memberId)
{
    public string MemberId { get; } = memberId;

    public MemberSubscription Subscription { get; set; } = MemberSubscription.None;

    public MemberAssignment Current { get; set; } = MemberAssignment.None;

    /// <summary>When the session ends.</summary>
    public long ExpiresAtMs { get; set; } = long.MaxValue;

    /// <summary>When it must have given up what it is told to.</summary>
    public long RevokeDeadlineMs { get; set; } = long.MaxValue;

    /// <summary>It speaks the classic protocol: the group's epoch is a generation to it, which it joins and syncs with.</summary>
    public bool IsClassic => Subscription.Classic is not null;

    /// <summary>When a classic member that was told to join again must have done so.</summary>
    public long JoinDeadlineMs { get; set; } = long.MaxValue;

    /// <summary>When a classic member that joined must have asked what it is to read.</summary>
    public long SyncDeadlineMs { get; set; } = long.MaxValue;

    /// <summary>The first of its deadlines.</summary>
    public long DueMs => Math.Min(Math.Min(ExpiresAtMs, RevokeDeadlineMs), Math.Min(JoinDeadlineMs, SyncDeadlineMs));
}
