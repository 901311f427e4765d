using System.Text;

namespace Microcosm.Kafka.Tests;

/// <summary>A group shard with its log, its clock, and the clients that talk to it. Writes commit at once unless they are held.</summary>
internal sealed class GroupWorld
{
    private readonly GroupOptions _options;
    private readonly List<CoordinatorWrite> _taken = [];
    private int _ids;

    public GroupWorld(GroupOptions? options = null)
    {
        _options = options ?? new GroupOptions();
        Shard = NewShard([]);
    }

    public GroupShard Shard { get; private set; }

    /// <summary>What consumer groups may read.</summary>
    public TestTopics Topics { get; } = new();

    public List<(CoordinatorRecord Record, long ProducerId)> Log { get; } = [];

    public long Now { get; private set; } = 1_000_000;

    /// <summary>What a consumer group is configured with; null for the options' own.</summary>
    public ConsumerTimes? Times { get; set; }

    public bool HoldsWrites { get; set; }

    /// <summary>A join's answer, null until it is there.</summary>
    public Answer<JoinResult> Join(
        string memberId = "", string? instance = null, string protocols = "range", int session = 10_000, int rebalance = 60_000,
        bool knowsIds = false, bool skips = true, string group = "g", string metadata = "", byte[]? subscription = null)
    {
        var answer = new Answer<JoinResult>();
        var bytes = subscription ?? Encoding.UTF8.GetBytes(metadata);
        var known = protocols.Split(',').Select(name => new GroupProtocol(name, bytes)).ToArray();
        Shard.Joins.Join(
            new GroupJoin(group, memberId, instance, "client", "/host", session, rebalance, "consumer", known, knowsIds, skips),
            Now, answer.Set);
        Pump();
        return answer;
    }

    /// <summary>A sync; a leader gives the assignment as <c>member</c>, <c>text</c> pairs.</summary>
    public Answer<SyncResult> Sync(JoinResult joined, string? instance = null, params (string Member, string Text)[] assignment)
    {
        return Sync(joined, instance, assignment.ToDictionary(pair => pair.Member, pair => Encoding.UTF8.GetBytes(pair.Text)));
    }

    public Answer<SyncResult> Sync(JoinResult joined, string? instance, IReadOnlyDictionary<string, byte[]> assigned)
    {
        var answer = new Answer<SyncResult>();
        Shard.Membership.Sync(
            new GroupSync("g", joined.GenerationId, joined.MemberId, instance, joined.ProtocolType, joined.ProtocolName, assigned),
            Now, answer.Set);
        Pump();
        return answer;
    }

    public KafkaError Heartbeat(JoinResult joined, string? instance = null)
    {
        var error = Shard.Membership.Heartbeat("g", joined.GenerationId, joined.MemberId, instance, Now);
        Pump();
        return error;
    }

    public KafkaError Leave(string memberId, string? instance = null)
    {
        var answer = new Answer<KafkaError>();
        Shard.Membership.Leave("g", [new LeavingMember(memberId, instance)], Now,
            (error, members) => answer.Set(error != KafkaError.None ? error : members.Single()));
        Pump();
        return answer.Value;
    }

    public Answer<KafkaError> Commit(
        long offset, JoinResult? joined = null, string? instance = null, long producerId = -1, string metadata = "", string group = "g",
        bool knowsEpochs = false, string topic = "t")
    {
        var answer = new Answer<KafkaError>();
        var offsets = new[] { (new TopicPartition(topic, 0), new CommittedOffset(offset, 7, metadata, Now)) };
        var commit = new GroupCommit(
            group, joined?.GenerationId ?? -1, joined?.MemberId ?? "", instance, offsets, producerId, KnowsMemberEpochs: knowsEpochs);
        Shard.Offsets.Commit(commit, Now, all => answer.Set(all.Single()));
        Pump();
        return answer;
    }

    public Answer<FetchedOffset> Fetch(
        bool stable = false, string group = "g", string topic = "t", string? memberId = null, int memberEpoch = -1)
    {
        var answer = new Answer<FetchedOffset>();
        Shard.Offsets.Fetch(group, [new TopicPartition(topic, 0)], stable,
            (error, all) => answer.Set(error == KafkaError.None ? all.Single() : new FetchedOffset(default, -1, -1, "", error)),
            memberId, memberEpoch);
        return answer;
    }

    public Answer<ConsumerGroupHeartbeatResponse> Beat(
        ConsumerGroupHeartbeatRequest request, short version = 1, Func<string, bool>? mayDescribe = null)
    {
        var answer = new Answer<ConsumerGroupHeartbeatResponse>();
        Shard.Consumers.Heartbeat(request, version, "client", "/host", Now, answer.Set, mayDescribe);
        Pump();
        return answer;
    }

    /// <summary>The consumer group "g".</summary>
    public ConsumerGroup Consumers => (ConsumerGroup)Shard.Groups.Single(group => group.GroupId == "g");

    public GroupDescription Describe(string group = "g") => Shard.Describe(group).Group;

    /// <summary>Lets time pass, and everything that is due on the way happen when it is due.</summary>
    public void Advance(long ms)
    {
        var end = Now + ms;
        while (Shard.NextDueMs <= end)
        {
            Now = Math.Max(Now, Shard.NextDueMs);
            Shard.Tick(Now);
            Pump();
        }

        Now = end;
    }

    /// <summary>Appends and commits what the shard wrote.</summary>
    public void Pump()
    {
        while (Shard.TryTakeWrite(out var write))
            _taken.Add(write);
        while (!HoldsWrites && _taken.Count > 0)
            Finish(KafkaError.None);
    }

    /// <summary>Ends the oldest write that is under way.</summary>
    public void Finish(KafkaError error)
    {
        var write = _taken[0];
        _taken.RemoveAt(0);
        if (error == KafkaError.None)
            Log.AddRange(write.Records.Select(record => (record, write.ProducerId)));
        write.Done(error);
        while (Shard.TryTakeWrite(out var next))
            _taken.Add(next);
    }

    /// <summary>The next coordinator, which has only the log.</summary>
    public void Failover()
    {
        Shard.Unload();
        _taken.Clear();
        Shard = NewShard(Log);
    }

    /// <summary>Members, generation, assignments and offsets, as a text to compare.</summary>
    public string State() => string.Join('\n', Shard.Groups.Select(group =>
        $"{group.GroupId} {group.StateName} {(group is ConsumerGroup consumer ? State(consumer) : State((ClassicGroup)group))}"
        + " | " + string.Join(' ', group.Offsets.Partitions.Select(partition => $"{partition}:{group.Offsets.Find(partition)}"))));

    private static string State(ClassicGroup group) =>
        $"{group.Generation} {group.ProtocolName} {group.Leader} "
        + string.Join(' ', group.Members.Values.Select(one =>
            $"{one.MemberId}/{one.InstanceId}/{one.SessionTimeoutMs}={Encoding.UTF8.GetString(one.Assignment)}"));

    private static string State(ConsumerGroup group) =>
        $"{group.Epoch} {group.AssignmentEpoch} {string.Join(',', group.Topics.Values)} "
        + string.Concat(group.Resolved.Select(one => $"{one.Key}={string.Join(',', one.Value)} "))
        + string.Join(' ', group.Members.Values.Select(one =>
            $"{one.MemberId}={one.Subscription}{string.Join(',', one.Subscription.Topics)}{one.Current}{group.TargetOf(one.MemberId)}"));

    private GroupShard NewShard(List<(CoordinatorRecord Record, long ProducerId)> log)
    {
        var shard = new GroupShard(_options, Topics, () => new Guid(++_ids, 0, 0, new byte[8]),
            _ => Times ?? new ConsumerTimes(_options.ConsumerSessionTimeoutMs, _options.ConsumerHeartbeatIntervalMs));
        foreach (var (record, producerId) in log)
            shard.Load(record.Key, record.Value, producerId);
        shard.Loaded(Now);
        return shard;
    }
}
