namespace Microcosm.Kafka.Tests;

/// <summary>A client of the consumer protocol: it does what it is told, and says what it reads.</summary>
internal sealed class TestConsumer(GroupWorld world, string memberId, string? instance = null)
{
    public string MemberId { get; set; } = memberId;

    public string? Instance => instance;

    public int Epoch { get; set; }

    public IReadOnlyList<string> Topics { get; set; } = ["t"];

    public string? Regex { get; set; }

    public string? Assignor { get; set; }

    /// <summary>Which topics it may know of.</summary>
    public Func<string, bool> MayDescribe { get; set; } = _ => true;

    /// <summary>What it was told last.</summary>
    public int HeartbeatIntervalMs { get; private set; }

    public int RebalanceTimeoutMs { get; set; } = 60_000;

    /// <summary>What it reads now.</summary>
    public PartitionSet Reads { get; private set; } = PartitionSet.Empty;

    /// <summary>What it was told to read.</summary>
    public PartitionSet Assigned { get; private set; } = PartitionSet.Empty;

    public string Text => world.Topics.Text(Reads);

    /// <summary>The error of a heartbeat that tells everything; a slow client goes on reading what it should give up.</summary>
    public KafkaError Beat(bool isSlow = false, bool losesAnswer = false)
    {
        if (!isSlow)
            Reads = Assigned;
        var answer = world.Beat(Request(), mayDescribe: MayDescribe);
        if (losesAnswer || !answer.IsHere)
            return KafkaError.None;
        Take(answer.Value);
        return (KafkaError)answer.Value.ErrorCode;
    }

    /// <summary>Leaves with epoch -1 or -2.</summary>
    public KafkaError Leave(int epoch = MemberAssignment.Left)
    {
        var request = new ConsumerGroupHeartbeatRequest { GroupId = "g", MemberId = MemberId, MemberEpoch = epoch, InstanceId = instance };
        Forget();
        return (KafkaError)world.Beat(request).Value.ErrorCode;
    }

    public KafkaError Commit(long offset, bool knowsEpochs = true, long producerId = -1) =>
        world.Commit(offset, new JoinResult(KafkaError.None, MemberId, Epoch), instance, producerId, knowsEpochs: knowsEpochs).Value;

    public void Forget() => (Epoch, Reads, Assigned) = (0, PartitionSet.Empty, PartitionSet.Empty);

    public ConsumerGroupHeartbeatRequest Request() => new()
    {
        GroupId = "g",
        MemberId = MemberId,
        MemberEpoch = Epoch,
        InstanceId = instance,
        RebalanceTimeoutMs = RebalanceTimeoutMs,
        SubscribedTopicNames = [.. Topics],
        SubscribedTopicRegex = Regex,
        ServerAssignor = Assignor,
        TopicPartitions = [.. Reads.ByTopic().Select(topic => new ConsumerGroupHeartbeatRequest.TopicPartitionsData
        {
            TopicId = topic.TopicId,
            Partitions = topic.Partitions,
        })],
    };

    private void Take(ConsumerGroupHeartbeatResponse answer)
    {
        if (answer.ErrorCode is (short)KafkaError.FencedMemberEpoch or (short)KafkaError.UnknownMemberId
            or (short)KafkaError.GroupIdNotFound or (short)KafkaError.FencedInstanceId)
            Forget();
        if (answer.ErrorCode != 0)
            return;
        (Epoch, HeartbeatIntervalMs) = (answer.MemberEpoch, answer.HeartbeatIntervalMs);
        if (answer.Assignment is not { } assignment)
            return;
        Assigned = PartitionSet.Of(assignment.TopicPartitions.Select(topic => (topic.TopicId, topic.Partitions)));
        // It begins at once with what is new; what it must give up it reads until it beats again.
        Reads = Reads.With(Assigned);
    }
}
