namespace Microcosm.Kafka;

/// <summary>What a member says of itself.</summary>
/// <param name="Topics">Names, each once, in order.</param>
/// <param name="TopicRegex">Empty for none.</param>
/// <param name="ServerAssignor">The assignor it prefers; null if it has no wish.</param>
/// <param name="Classic">Null unless it speaks the classic protocol.</param>
internal sealed record MemberSubscription(
    string? InstanceId, string? RackId, string ClientId, string ClientHost, int RebalanceTimeoutMs, IReadOnlyList<string> Topics,
    string TopicRegex, string? ServerAssignor, ClassicMetadata? Classic = null)
{
    public static readonly MemberSubscription None = new(null, null, "", "", -1, [], "", null);

    public static IReadOnlyList<string> Ordered(IEnumerable<string> topics) => [.. topics.Distinct().Order(StringComparer.Ordinal)];

    /// <summary>A heartbeat tells only what changed.</summary>
    public MemberSubscription With(ConsumerGroupHeartbeatRequest request, string clientId, string clientHost)
    {
        var updated = new MemberSubscription(
            request.InstanceId ?? InstanceId, request.RackId ?? RackId, clientId, clientHost,
            request.RebalanceTimeoutMs == -1 ? RebalanceTimeoutMs : request.RebalanceTimeoutMs,
            request.SubscribedTopicNames is { } names ? Ordered(names) : Topics,
            request.SubscribedTopicRegex ?? TopicRegex, request.ServerAssignor ?? ServerAssignor);
        return ReadsTheSame(updated) ? updated with { Topics = Topics } : updated;
    }

    /// <summary>A join of the classic protocol tells all of it, with the subscription that is embedded in its protocols.</summary>
    public MemberSubscription With(GroupJoin join, ConsumerProtocolSubscription subscription)
    {
        var rack = string.IsNullOrEmpty(subscription.RackId) ? RackId : subscription.RackId;
        var updated = new MemberSubscription(
            join.InstanceId ?? InstanceId, rack, join.ClientId, join.ClientHost, join.RebalanceTimeoutMs, Ordered(subscription.Topics),
            "", null, new ClassicMetadata(join.SessionTimeoutMs, join.Protocols));
        return ReadsTheSame(updated) ? updated with { Topics = Topics } : updated;
    }

    public bool ReadsTheSame(MemberSubscription other) => TopicRegex == other.TopicRegex && Topics.SequenceEqual(other.Topics);
}
