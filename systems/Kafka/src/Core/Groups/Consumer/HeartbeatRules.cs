namespace Microcosm.Kafka;

/// <summary>What a heartbeat must and must not say, whoever sends it.</summary>
internal static class HeartbeatRules
{
    /// <exception cref="GroupRefusal">The request is refused.</exception>
    public static void Check(ConsumerGroupHeartbeatRequest request, short version, GroupOptions options)
    {
        IsNotEmpty(request.GroupId, "GroupId can't be empty.");
        IsNotEmpty(request.InstanceId, "InstanceId can't be empty.");
        IsNotEmpty(request.RackId, "RackId can't be empty.");
        // KIP-1082: from version 1 on clients make their ids themselves.
        if (request.MemberEpoch != 0 || version >= 1)
            IsNotEmpty(request.MemberId, "MemberId can't be empty.");
        if (request.MemberEpoch == 0)
            CheckJoin(request);
        Demand(request.MemberEpoch >= MemberAssignment.LeftForNow, "MemberEpoch is invalid.");
        Demand(request.MemberEpoch != MemberAssignment.LeftForNow || request.InstanceId is not null, "InstanceId can't be null.");
        if (request.ServerAssignor is { } name && options.ConsumerAssignors.All(assignor => assignor.Name != name))
        {
            throw new GroupRefusal(KafkaError.UnsupportedAssignor,
                $"ServerAssignor {name} is not supported. Supported assignors: "
                + $"{string.Join(", ", options.ConsumerAssignors.Select(assignor => assignor.Name))}.");
        }

        if (!string.IsNullOrEmpty(request.SubscribedTopicRegex))
            TopicRegex.Parse(request.SubscribedTopicRegex);
    }

    private static void CheckJoin(ConsumerGroupHeartbeatRequest request)
    {
        Demand(request.RebalanceTimeoutMs != -1, "RebalanceTimeoutMs must be provided in first request.");
        Demand(request.TopicPartitions is { Count: 0 }, "TopicPartitions must be empty when (re-)joining.");
        Demand(request.SubscribedTopicNames is not null || request.SubscribedTopicRegex is not null,
            "Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when (re-)joining.");
    }

    private static void IsNotEmpty(string? value, string message) => Demand(value is not { Length: 0 }, message);

    private static void Demand(bool holds, string message)
    {
        if (!holds)
            throw new GroupRefusal(KafkaError.InvalidRequest, message);
    }
}
