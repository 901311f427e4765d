using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>
/// The only way a <see cref="ConsumerGroup"/> changes, for its coordinator and for whoever loads its log. It is our own log, so a record
/// that is none is a bug and ends the node.
/// </summary>
internal static class ConsumerGroupReplay
{
    /// <summary>True if the key is one of a consumer group's.</summary>
    public static bool Knows(byte[] key) => MessageCodec.RecordVersion(key) is (>= 3 and <= 8) or 16;

    public static bool IsEndOfGroup(CoordinatorRecord record) => MessageCodec.RecordVersion(record.Key) == 3 && record.Value is null;

    public static string GroupIdOf(byte[] key) => MessageCodec.RecordVersion(key) switch
    {
        3 => MessageCodec.DecodeRecord<ConsumerGroupMetadataKey>(key).GroupId,
        4 => MessageCodec.DecodeRecord<ConsumerGroupPartitionMetadataKey>(key).GroupId,
        5 => MessageCodec.DecodeRecord<ConsumerGroupMemberMetadataKey>(key).GroupId,
        6 => MessageCodec.DecodeRecord<ConsumerGroupTargetAssignmentMetadataKey>(key).GroupId,
        16 => MessageCodec.DecodeRecord<ConsumerGroupRegularExpressionKey>(key).GroupId,
        7 => MessageCodec.DecodeRecord<ConsumerGroupTargetAssignmentMemberKey>(key).GroupId,
        _ => MessageCodec.DecodeRecord<ConsumerGroupCurrentMemberAssignmentKey>(key).GroupId,
    };

    public static void Apply(ConsumerGroup group, CoordinatorRecord record)
    {
        var (key, value) = record;
        switch (MessageCodec.RecordVersion(key))
        {
            case 3:
                group.Epoch = value is null ? 0 : MessageCodec.DecodeRecord<ConsumerGroupMetadataValue>(value).Epoch;
                break;
            case 4:
                group.Topics = ReadTopics(value);
                break;
            case 5:
                ApplySubscription(group, MessageCodec.DecodeRecord<ConsumerGroupMemberMetadataKey>(key).MemberId, value);
                break;
            case 6:
                group.AssignmentEpoch =
                    value is null ? 0 : MessageCodec.DecodeRecord<ConsumerGroupTargetAssignmentMetadataValue>(value).AssignmentEpoch;
                break;
            case 7:
                ApplyTarget(group, MessageCodec.DecodeRecord<ConsumerGroupTargetAssignmentMemberKey>(key).MemberId, value);
                break;
            case 8:
                ApplyCurrent(group, MessageCodec.DecodeRecord<ConsumerGroupCurrentMemberAssignmentKey>(key).MemberId, value);
                break;
            case 16:
                ApplyRegex(group, MessageCodec.DecodeRecord<ConsumerGroupRegularExpressionKey>(key).RegularExpression, value);
                break;
            default:
                Invariant.Fail("a record is not a consumer group's");
                break;
        }
    }

    private static SortedDictionary<string, GroupTopic> ReadTopics(byte[]? value)
    {
        var topics = new SortedDictionary<string, GroupTopic>(StringComparer.Ordinal);
        if (value is null)
            return topics;
        foreach (var topic in MessageCodec.DecodeRecord<ConsumerGroupPartitionMetadataValue>(value).Topics)
            topics[topic.TopicName] = new GroupTopic(topic.TopicId, topic.TopicName, topic.NumPartitions);
        return topics;
    }

    private static void ApplySubscription(ConsumerGroup group, string memberId, byte[]? value)
    {
        if (value is null)
        {
            group.RemoveMember(memberId);
            return;
        }

        var read = MessageCodec.DecodeRecord<ConsumerGroupMemberMetadataValue>(value);
        group.SetSubscription(memberId, new MemberSubscription(
            read.InstanceId, read.RackId, read.ClientId, read.ClientHost, read.RebalanceTimeoutMs, read.SubscribedTopicNames,
            read.SubscribedTopicRegex ?? "", read.ServerAssignor, ToClassic(read.ClassicMemberMetadata)));
    }

    private static ClassicMetadata? ToClassic(ConsumerGroupMemberMetadataValue.ClassicMemberMetadataData? stored) => stored is null ? null
        : new(stored.SessionTimeoutMs,
            [.. stored.SupportedProtocols.Select(protocol => new GroupProtocol(protocol.Name, protocol.Metadata.ToArray()))]);

    private static void ApplyRegex(ConsumerGroup group, string pattern, byte[]? value)
    {
        if (value is null)
            group.Resolved.Remove(pattern);
        else
            group.Resolved[pattern] = MessageCodec.DecodeRecord<ConsumerGroupRegularExpressionValue>(value).Topics;
    }

    private static void ApplyTarget(ConsumerGroup group, string memberId, byte[]? value)
    {
        if (value is null)
            group.Targets.Remove(memberId);
        else
            group.Targets[memberId] = PartitionSet.Of(
                MessageCodec.DecodeRecord<ConsumerGroupTargetAssignmentMemberValue>(value).TopicPartitions
                    .Select(topic => (topic.TopicId, topic.Partitions)));
    }

    private static void ApplyCurrent(ConsumerGroup group, string memberId, byte[]? value)
    {
        if (value is null)
        {
            group.RemoveCurrent(memberId);
            return;
        }

        var read = MessageCodec.DecodeRecord<ConsumerGroupCurrentMemberAssignmentValue>(value);
        group.SetCurrent(memberId, new MemberAssignment(
            (ConsumerMemberState)read.State, read.MemberEpoch, read.PreviousMemberEpoch, Partitions(read.AssignedPartitions),
            Partitions(read.PartitionsPendingRevocation)));
    }

    private static PartitionSet Partitions(IEnumerable<ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions> topics) =>
        PartitionSet.Of(topics.Select(topic => (topic.TopicId, topic.Partitions)));
}
