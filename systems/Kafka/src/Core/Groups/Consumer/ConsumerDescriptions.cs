using Described = Microcosm.Kafka.ConsumerGroupDescribeResponse;

namespace Microcosm.Kafka;

/// <summary>ConsumerGroupDescribe.</summary>
internal sealed class ConsumerDescriptions(GroupBoard board, ConsumerRebalances rebalances, IGroupTopics topics)
{
    /// <summary>Answers for one group, with its error in it, when what it tells is committed.</summary>
    public void Describe(string groupId, Action<Described.DescribedGroup> reply)
    {
        if (board.IsClosed)
        {
            reply(Refused(groupId, board.ClosedError, null));
            return;
        }

        try
        {
            var described = DescribeGroup(board.ExistingConsumer(groupId));
            board.AfterWrites(error => reply(error == KafkaError.None ? described : Refused(groupId, error, null)));
        }
        catch (GroupRefusal refusal)
        {
            reply(Refused(groupId, refusal.Error, refusal.Message));
        }
    }

    private Described.DescribedGroup DescribeGroup(ConsumerGroup group) => new()
    {
        GroupId = group.GroupId,
        GroupState = group.StateName,
        GroupEpoch = group.Epoch,
        AssignmentEpoch = group.AssignmentEpoch,
        AssignorName = rebalances.AssignorOf(group).Name,
        Members = [.. group.Members.Values.Select(member => DescribeMember(group, member))],
    };

    private Described.Member DescribeMember(ConsumerGroup group, ConsumerMember member) => new()
    {
        MemberId = member.MemberId,
        InstanceId = member.Subscription.InstanceId,
        RackId = member.Subscription.RackId,
        MemberEpoch = member.Current.Epoch,
        ClientId = member.Subscription.ClientId,
        ClientHost = member.Subscription.ClientHost,
        SubscribedTopicNames = [.. member.Subscription.Topics],
        SubscribedTopicRegex = member.Subscription.TopicRegex,
        Assignment = DescribePartitions(member.Current.Assigned),
        TargetAssignment = DescribePartitions(group.TargetOf(member.MemberId)),
    };

    /// <summary>A topic that is gone has no name to tell.</summary>
    private Described.Assignment DescribePartitions(PartitionSet partitions)
    {
        var described = new Described.Assignment();
        foreach (var (topicId, numbers) in partitions.ByTopic())
        {
            if (topics.Find(topicId) is { } topic)
                described.TopicPartitions.Add(new() { TopicId = topicId, TopicName = topic.Name, Partitions = numbers });
        }

        return described;
    }

    private static Described.DescribedGroup Refused(string groupId, KafkaError error, string? message) =>
        new() { GroupId = groupId, ErrorCode = (short)error, ErrorMessage = message };
}
