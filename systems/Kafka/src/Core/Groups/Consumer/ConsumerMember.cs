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
}
