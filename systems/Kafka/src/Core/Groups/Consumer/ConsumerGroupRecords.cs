namespace Microcosm.Kafka;

/// <summary>The records of consumer groups in __consumer_offsets, which are Kafka's own: keys 3 to 8, and 16.</summary>
internal static class ConsumerGroupRecords
{
    public static CoordinatorRecord Epoch(string groupId, int epoch) => Record(
        new ConsumerGroupMetadataKey { GroupId = groupId }, new ConsumerGroupMetadataValue { Epoch = epoch });

    public static CoordinatorRecord NoEpoch(string groupId) => Tombstone(new ConsumerGroupMetadataKey { GroupId = groupId });

    /// <summary>Without racks: no assignor looks at them, and a broker that moves should make no group rebalance.</summary>
    public static CoordinatorRecord Topics(string groupId, IEnumerable<GroupTopic> topics) => Record(
        new ConsumerGroupPartitionMetadataKey { GroupId = groupId },
        new ConsumerGroupPartitionMetadataValue
        {
            Topics = [.. topics.Select(topic => new ConsumerGroupPartitionMetadataValue.TopicMetadata
            {
                TopicId = topic.Id,
                TopicName = topic.Name,
                NumPartitions = topic.Partitions,
            })],
        });

    public static CoordinatorRecord NoTopics(string groupId) => Tombstone(new ConsumerGroupPartitionMetadataKey { GroupId = groupId });

    /// <summary>Without the version of the metadata that it was resolved in: each coordinator counts its own.</summary>
    public static CoordinatorRecord Regex(string groupId, string pattern, IReadOnlyList<string> topics, long nowMs) => Record(
        new ConsumerGroupRegularExpressionKey { GroupId = groupId, RegularExpression = pattern },
        new ConsumerGroupRegularExpressionValue { Topics = [.. topics], Timestamp = nowMs });

    public static CoordinatorRecord NoRegex(string groupId, string pattern) =>
        Tombstone(new ConsumerGroupRegularExpressionKey { GroupId = groupId, RegularExpression = pattern });

    public static CoordinatorRecord Subscription(string groupId, string memberId, MemberSubscription subscription) => Record(
        new ConsumerGroupMemberMetadataKey { GroupId = groupId, MemberId = memberId },
        new ConsumerGroupMemberMetadataValue
        {
            InstanceId = subscription.InstanceId,
            RackId = subscription.RackId,
            ClientId = subscription.ClientId,
            ClientHost = subscription.ClientHost,
            SubscribedTopicNames = [.. subscription.Topics],
            SubscribedTopicRegex = subscription.TopicRegex,
            RebalanceTimeoutMs = subscription.RebalanceTimeoutMs,
            ServerAssignor = subscription.ServerAssignor,
            ClassicMemberMetadata = ToStored(subscription.Classic),
        });

    public static CoordinatorRecord NoSubscription(string groupId, string memberId) =>
        Tombstone(new ConsumerGroupMemberMetadataKey { GroupId = groupId, MemberId = memberId });

    public static CoordinatorRecord AssignmentEpoch(string groupId, int epoch) => Record(
        new ConsumerGroupTargetAssignmentMetadataKey { GroupId = groupId },
        new ConsumerGroupTargetAssignmentMetadataValue { AssignmentEpoch = epoch });

    public static CoordinatorRecord NoAssignmentEpoch(string groupId) =>
        Tombstone(new ConsumerGroupTargetAssignmentMetadataKey { GroupId = groupId });

    public static CoordinatorRecord Target(string groupId, string memberId, PartitionSet target) => Record(
        new ConsumerGroupTargetAssignmentMemberKey { GroupId = groupId, MemberId = memberId },
        new ConsumerGroupTargetAssignmentMemberValue
        {
            TopicPartitions = [.. target.ByTopic().Select(topic => new ConsumerGroupTargetAssignmentMemberValue.TopicPartition
            {
                TopicId = topic.TopicId,
                Partitions = topic.Partitions,
            })],
        });

    public static CoordinatorRecord NoTarget(string groupId, string memberId) =>
        Tombstone(new ConsumerGroupTargetAssignmentMemberKey { GroupId = groupId, MemberId = memberId });

    public static CoordinatorRecord Current(string groupId, string memberId, MemberAssignment current) => Record(
        new ConsumerGroupCurrentMemberAssignmentKey { GroupId = groupId, MemberId = memberId },
        new ConsumerGroupCurrentMemberAssignmentValue
        {
            MemberEpoch = current.Epoch,
            PreviousMemberEpoch = current.PreviousEpoch,
            State = (sbyte)current.State,
            AssignedPartitions = CurrentPartitions(current.Assigned),
            PartitionsPendingRevocation = CurrentPartitions(current.Revoking),
        });

    public static CoordinatorRecord NoCurrent(string groupId, string memberId) =>
        Tombstone(new ConsumerGroupCurrentMemberAssignmentKey { GroupId = groupId, MemberId = memberId });

    private static ConsumerGroupMemberMetadataValue.ClassicMemberMetadataData? ToStored(ClassicMetadata? classic) => classic is null ? null
        : new()
        {
            SessionTimeoutMs = classic.SessionTimeoutMs,
            SupportedProtocols = [.. classic.Protocols.Select(protocol => new ConsumerGroupMemberMetadataValue.ClassicProtocol
                { Name = protocol.Name, Metadata = protocol.Metadata })],
        };

    private static List<ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions> CurrentPartitions(PartitionSet partitions) =>
        [.. partitions.ByTopic().Select(topic => new ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions
        {
            TopicId = topic.TopicId,
            Partitions = topic.Partitions,
        })];

    private static CoordinatorRecord Record<TKey, TValue>(TKey key, TValue value)
        where TKey : class, IMessage<TKey>
        where TValue : class, IMessage<TValue> => new(
            MessageCodec.EncodeRecord(key, TKey.HighestVersion), MessageCodec.EncodeRecord(value, TValue.HighestVersion));

    private static CoordinatorRecord Tombstone<TKey>(TKey key)
        where TKey : class, IMessage<TKey> => new(MessageCodec.EncodeRecord(key, TKey.HighestVersion), null);
}
