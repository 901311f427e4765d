using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>A member of a consumer group (KIP-848). What is taken from it, it keeps until it says that it let go.</summary>
internal sealed class SimulatedConsumerMember(NodeContext context, SimulatedKafkaClient client, string group, string topic, GroupBook book)
    : SimulatedMember(context, client, group, topic, book)
{
    private int _names;
    private Guid _topicId;
    private HashSet<int> _target = [];

    // Another member's epoch says nothing of this one's.
    protected override bool IsOver(int generation) => false;

    protected override async Task<bool> StayAsync()
    {
        if (await IsUnknownAsync())
            return false;
        if (Generation < 0)
            (Generation, MemberId, _target) = (0, $"{Life}-{++_names}", []);
        LetGo([.. Held.Where(p => !_target.Contains(p))]);
        var askedAt = Book.Now;
        var request = new ConsumerGroupHeartbeatRequest
        {
            GroupId = Group, MemberId = MemberId, MemberEpoch = Generation, RebalanceTimeoutMs = GroupsWorkload.SessionMs * 10,
            SubscribedTopicNames = [Topic], TopicPartitions = Held.Any() ? [Owned()] : [],
        };
        var response = await AskAsync<ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse>(
            request, 1, r => (KafkaError)r.ErrorCode);
        var error = (KafkaError?)response?.ErrorCode;
        if (error is KafkaError.UnknownMemberId or KafkaError.FencedMemberEpoch or KafkaError.GroupIdNotFound)
            Lost();
        if (error is not KafkaError.None)
            return false;
        Generation = response!.MemberEpoch;
        Book.Answered(Life, askedAt, Session);
        if (response.Assignment is { } given)
        {
            _target = [.. given.TopicPartitions.Where(t => t.TopicId == _topicId).SelectMany(t => t.Partitions)];
            Take(_target);
        }
        return true;
    }

    protected override async Task LeaveAsync()
    {
        LetGo([.. Held]);
        var request = new ConsumerGroupHeartbeatRequest { GroupId = Group, MemberId = MemberId, MemberEpoch = -1 };
        if (Generation >= 0)
            await AskAsync<ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse>(request, 1, r => (KafkaError)r.ErrorCode);
        Generation = -1;
    }

    private ConsumerGroupHeartbeatRequest.TopicPartitionsData Owned() => new() { TopicId = _topicId, Partitions = [.. Held] };

    private async Task<bool> IsUnknownAsync()
    {
        if (_topicId == Guid.Empty && await Client.TopicAsync(Topic) is { } known)
            _topicId = known.TopicId;
        return _topicId == Guid.Empty;
    }
}
