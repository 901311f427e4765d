namespace Microcosm.Kafka.Tests;

/// <summary>
/// A consumer of the classic protocol, eager or cooperative: it joins, syncs and heartbeats, leads if it is told to, and reads what it is
/// assigned. Each call of <see cref="Beat"/> is one exchange.
/// </summary>
internal sealed class TestClassic(GroupWorld world, string? instance = null, bool isCooperative = false)
{
    private Answer<JoinResult>? _joining;
    private Answer<SyncResult>? _syncing;
    private JoinResult? _joined;
    private bool _mustJoin = true;

    public string? Instance => instance;

    public string MemberId { get; set; } = "";

    public int Generation => _joined?.GenerationId ?? -1;

    public string Topic { get; set; } = "t";

    public int SessionTimeoutMs { get; set; } = 10_000;

    public int RebalanceTimeoutMs { get; set; } = 60_000;

    /// <summary>What it reads now.</summary>
    public PartitionSet Reads { get; private set; } = PartitionSet.Empty;

    public string Text => world.Topics.Text(Reads);

    private IGroupTopics Topics => world.Topics;

    private string Protocol => isCooperative ? "cooperative-sticky" : "range";

    /// <summary>What it does next; the error it was told, None while it waits.</summary>
    public KafkaError Beat(bool losesAnswer = false)
    {
        if (_joining is { IsHere: true } join)
            return Joined(join.Value, losesAnswer);
        if (_syncing is { IsHere: true } sync)
            return Synced(sync.Value, losesAnswer);
        if (_joining is not null || _syncing is not null)
            return KafkaError.None;
        if (!_mustJoin)
            return Heartbeat();
        Join();
        return KafkaError.None;
    }

    /// <summary>Several exchanges, as far as it gets by itself.</summary>
    public void Go(int exchanges = 6)
    {
        for (var i = 0; i < exchanges; i++)
            Beat();
    }

    public KafkaError Leave()
    {
        var error = world.Leave(MemberId, instance);
        Forget();
        return error;
    }

    public KafkaError Commit(long offset, bool knowsEpochs = false) =>
        world.Commit(offset, _joined ?? new JoinResult(KafkaError.None, MemberId), instance, knowsEpochs: knowsEpochs).Value;

    /// <summary>Its coordinator is gone, with the answers that it waits for.</summary>
    public void Disconnect()
    {
        if (_joining is { IsHere: false } || _syncing is { IsHere: false })
            (_joining, _syncing, _mustJoin) = (null, null, true);
    }

    /// <summary>It crashed, and knows nothing.</summary>
    public void Forget()
    {
        (_joining, _syncing, _joined, _mustJoin) = (null, null, null, true);
        (MemberId, Reads) = ("", PartitionSet.Empty);
    }

    private void Join()
    {
        if (!isCooperative)
            Reads = PartitionSet.Empty;
        var subscription = new ConsumerProtocolSubscription { Topics = [Topic] };
        foreach (var (topicId, numbers) in Reads.ByTopic())
        {
            if (Topics.Find(topicId) is { } topic)
                subscription.OwnedPartitions.Add(new() { Topic = topic.Name, Partitions = numbers });
        }

        _joining = world.Join(MemberId, instance, Protocol, SessionTimeoutMs, RebalanceTimeoutMs, knowsIds: true,
            subscription: MessageCodec.EncodeRecord(subscription, 1));
    }

    private KafkaError Joined(JoinResult answer, bool losesAnswer)
    {
        _joining = null;
        if (losesAnswer)
            return KafkaError.None;
        if (answer.Error == KafkaError.MemberIdRequired)
            MemberId = answer.MemberId;
        if (Fails(answer.Error))
            return answer.Error;
        (MemberId, _joined) = (answer.MemberId, answer);
        var leads = answer.Leader == MemberId && !answer.SkipAssignment;
        _syncing = world.Sync(answer, instance, leads ? Assign(answer.Members!) : new Dictionary<string, byte[]>());
        return KafkaError.None;
    }

    private KafkaError Synced(SyncResult answer, bool losesAnswer)
    {
        _syncing = null;
        if (losesAnswer || Fails(answer.Error))
            return answer.Error;
        var assigned = Topics.PartitionsOf(ConsumerSubscription.TryReadAssignment(answer.Assignment)!.AssignedPartitions
            .Select(topic => (topic.Topic, topic.Partitions)));
        // A cooperative consumer that gave something up joins again, so that others get it.
        _mustJoin = isCooperative && Reads.Without(assigned).Count > 0;
        Reads = assigned;
        return KafkaError.None;
    }

    private KafkaError Heartbeat()
    {
        var error = world.Heartbeat(_joined!, instance);
        Fails(error);
        return error;
    }

    /// <summary>What it makes of an error: it joins again, and knows what it lost.</summary>
    private bool Fails(KafkaError error)
    {
        if (error == KafkaError.None)
            return false;
        _mustJoin = true;
        if (error is KafkaError.IllegalGeneration or KafkaError.UnknownMemberId or KafkaError.FencedInstanceId)
            Reads = PartitionSet.Empty;
        if (error is KafkaError.UnknownMemberId or KafkaError.FencedInstanceId)
            MemberId = "";
        return true;
    }

    /// <summary>In turn to those who want the topic; what another one has nobody gets who is to have it next.</summary>
    private Dictionary<string, byte[]> Assign(IReadOnlyList<JoinedMember> members)
    {
        var owners = new Dictionary<TopicIdPartition, string>();
        var readers = new Dictionary<string, List<string>>();
        foreach (var member in members)
        {
            var read = ConsumerSubscription.TryRead(member.Metadata)!;
            foreach (var one in Topics.PartitionsOf(read.OwnedPartitions.Select(topic => (topic.Topic, topic.Partitions))))
                owners[one] = member.MemberId;
            foreach (var topic in read.Topics)
                (readers.TryGetValue(topic, out var all) ? all : readers[topic] = []).Add(member.MemberId);
        }

        var assigned = members.ToDictionary(member => member.MemberId, _ => new List<TopicIdPartition>());
        foreach (var (name, ids) in readers)
        {
            for (var number = 0; Topics.Find(name) is { } topic && number < topic.Partitions; number++)
            {
                var (one, reader) = (new TopicIdPartition(topic.Id, number), ids[number % ids.Count]);
                if (owners.GetValueOrDefault(one, reader) == reader)
                    assigned[reader].Add(one);
            }
        }

        return assigned.ToDictionary(one => one.Key, one => ConsumerSubscription.Assignment(new PartitionSet(one.Value), Topics, [0, 1]));
    }
}
