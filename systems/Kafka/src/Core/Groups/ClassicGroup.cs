using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>
/// A group whose members assign among themselves: they join, the coordinator picks a leader, the leader's sync brings the assignment.
/// Invariants, checked after each change:
/// 1. Empty has no members; CompletingRebalance and Stable have some, the leader among them, and all know the chosen protocol.
/// 2. A join is awaited only in PreparingRebalance, a sync only in CompletingRebalance.
/// 3. Each static instance is exactly one member.
/// 4. The generation never falls.
/// </summary>
internal sealed class ClassicGroup(string groupId, long nowMs) : Group(groupId)
{
    private int _highestGeneration;

    public ClassicGroupState State { get; private set; } = ClassicGroupState.Empty;

    public override string StateName => State.ToString();

    /// <summary>When the state last changed: the retention of offsets of an empty group counts from here.</summary>
    public long StateSinceMs { get; set; } = nowMs;

    public int Generation { get; set; }

    /// <summary>Null for a group that only holds offsets (a consumer that assigns itself).</summary>
    public string? ProtocolType { get; set; }

    public string? ProtocolName { get; set; }

    public string? Leader { get; set; }

    /// <summary>In the order of joining; the order decides ties.</summary>
    public OrderedDictionary<string, ClassicMember> Members { get; } = [];

    public Dictionary<string, string> Instances { get; } = [];

    /// <summary>Ids given out but not yet joined with (KIP-394), with their expiry.</summary>
    public OrderedDictionary<string, long> PendingMembers { get; } = [];

    /// <summary>When the joining ends with those who came; meaningful in PreparingRebalance.</summary>
    public long JoinDeadlineMs { get; set; }

    /// <summary>True during the initial delay, when a complete group still waits for more (KIP-134).</summary>
    public bool IsInitialDelay { get; set; }

    /// <summary>How much the initial delay may still grow.</summary>
    public long InitialDelayLeftMs { get; set; }

    public bool HasNewMember { get; set; }

    /// <summary>When members that have not synced are given up; meaningful in CompletingRebalance.</summary>
    public long SyncDeadlineMs { get; set; } = long.MaxValue;

    /// <summary>True while the assignment of this generation is being written.</summary>
    public bool IsWritingAssignment { get; set; }

    public override bool IsEmpty => State == ClassicGroupState.Empty;

    public override long FirstDueMs
    {
        get
        {
            var due = State switch
            {
                ClassicGroupState.PreparingRebalance => JoinDeadlineMs,
                ClassicGroupState.Empty => long.MaxValue,
                _ => IsWritingAssignment ? long.MaxValue : SyncDeadlineMs,
            };
            foreach (var member in Members.Values)
                due = Math.Min(due, member.DueMs);
            foreach (var expiry in PendingMembers.Values)
                due = Math.Min(due, expiry);
            return due;
        }
    }

    public int RebalanceTimeoutMs => Members.Values.Select(member => member.RebalanceTimeoutMs).DefaultIfEmpty(0).Max();

    public bool HasAllMembersJoined =>
        PendingMembers.Count == 0 && Members.Values.All(member => member.AwaitingJoin is not null);

    public void MoveTo(ClassicGroupState state, long nowMs)
    {
        var isLegal = (State, state) switch
        {
            (_, ClassicGroupState.PreparingRebalance) => State != ClassicGroupState.PreparingRebalance,
            (ClassicGroupState.PreparingRebalance, ClassicGroupState.CompletingRebalance or ClassicGroupState.Empty) => true,
            (ClassicGroupState.CompletingRebalance, ClassicGroupState.Stable) => true,
            _ => false,
        };
        Invariant.Check(isLegal, $"group {GroupId} moves from {State} to {state}");
        State = state;
        StateSinceMs = nowMs;
    }

    /// <summary>The state that a replayed record tells: whoever is in it had its assignment.</summary>
    public void Restore(long sinceMs)
    {
        State = Members.Count == 0 ? ClassicGroupState.Empty : ClassicGroupState.Stable;
        StateSinceMs = sinceMs;
    }

    public void Add(ClassicMember member)
    {
        Members.Add(member.MemberId, member);
        if (member.InstanceId is { } instance)
            Instances.Add(instance, member.MemberId);
        Leader ??= member.MemberId;
    }

    public void Remove(ClassicMember member)
    {
        Members.Remove(member.MemberId);
        if (member.InstanceId is { } instance)
            Instances.Remove(instance);
        if (Leader == member.MemberId)
            Leader = Members.Values.FirstOrDefault()?.MemberId;
    }

    /// <summary>Gives a static member a new id in its old place; whoever waits under the old id is fenced.</summary>
    public ClassicMember Replace(ClassicMember member, string newId)
    {
        var oldId = member.MemberId;
        member.AnswerJoin(new JoinResult(KafkaError.FencedInstanceId, oldId));
        member.AnswerSync(new SyncResult(KafkaError.FencedInstanceId, null, null, []));
        Members.Insert(Members.IndexOf(oldId), newId, member);
        Members.Remove(oldId);
        member.MemberId = newId;
        Instances[member.InstanceId!] = newId;
        if (Leader == oldId)
            Leader = newId;
        return member;
    }

    /// <summary>Whoever waits for a join or a sync gets this error.</summary>
    public void AnswerAll(KafkaError error)
    {
        foreach (var member in Members.Values)
        {
            member.AnswerJoin(new JoinResult(error, member.MemberId));
            member.AnswerSync(new SyncResult(error, null, null, []));
        }
    }

    /// <summary>True if all members have a protocol in common with these; a group without members takes any.</summary>
    public bool CanTake(string protocolType, IReadOnlyList<GroupProtocol> protocols)
    {
        if (protocolType.Length == 0 || protocols.Count == 0)
            return false;
        return Members.Count == 0
            || (ProtocolType == protocolType && protocols.Any(one => Members.Values.All(member => member.Supports(one.Name))));
    }

    /// <summary>Each member votes for the first of its protocols that all know; of equals the earliest vote wins.</summary>
    public string? SelectProtocol()
    {
        var votes = new OrderedDictionary<string, int>();
        foreach (var member in Members.Values)
        {
            var vote = member.Protocols.FirstOrDefault(one => Members.Values.All(other => other.Supports(one.Name)))?.Name;
            if (vote is not null)
                votes[vote] = votes.GetValueOrDefault(vote) + 1;
        }

        return votes.Count == 0 ? null : votes.MaxBy(vote => vote.Value).Key;
    }

    /// <summary>The error of a request in this member's name, or None.</summary>
    public KafkaError Validate(string memberId, string? instanceId)
    {
        if (instanceId is not null)
        {
            if (!Instances.TryGetValue(instanceId, out var current))
                return KafkaError.UnknownMemberId;
            if (current != memberId && !Bug.IsPlanted("kafka/static-member-not-fenced"))
                return KafkaError.FencedInstanceId;
        }

        return Members.ContainsKey(memberId) ? KafkaError.None : KafkaError.UnknownMemberId;
    }

    public override KafkaError ValidateCommit(GroupCommit commit)
    {
        var isTransactional = commit.ProducerId >= 0;
        if (commit.GenerationId < 0 && IsEmpty)
            return KafkaError.None;
        if (commit.GenerationId >= 0 || commit.MemberId.Length > 0 || commit.InstanceId is not null)
        {
            var error = Validate(commit.MemberId, commit.InstanceId);
            if (error != KafkaError.None)
                return error;
            if (commit.GenerationId != Generation && !Bug.IsPlanted("kafka/commit-from-an-old-generation"))
                return KafkaError.IllegalGeneration;
        }
        else if (!isTransactional)
        {
            return KafkaError.UnknownMemberId;
        }

        // While members have no assignment yet, what they commit may already be another's. A transaction was fenced by its own epoch.
        return !isTransactional && State == ClassicGroupState.CompletingRebalance ? KafkaError.RebalanceInProgress : KafkaError.None;
    }

    public override KafkaError ValidateFetch(string? memberId, int memberEpoch) => KafkaError.None;

    public override IReadOnlySet<string>? SubscribedTopics() => ConsumerSubscription.TopicsOf(this);

    /// <summary>
    /// KIP-211: what a group used lives as long after the last member, what a lone consumer committed as long after the commit. While
    /// there are members, only a stable group of consumers is known not to read a topic.
    /// </summary>
    public override long? RetainedSinceMs(CommittedOffset offset)
    {
        if (ProtocolType is null)
            return offset.CommitTimestamp;
        if (IsEmpty)
            return Math.Max(StateSinceMs, offset.CommitTimestamp);
        var isKnown = State == ClassicGroupState.Stable && ProtocolType == ConsumerSubscription.ProtocolType;
        return isKnown ? offset.CommitTimestamp : null;
    }

    public override IReadOnlyList<CoordinatorRecord> Tombstones()
    {
        Invariant.Check(IsEmpty, "a group in use is dropped");
        return [GroupRecords.NoGroup(GroupId)];
    }

    public override GroupDescription Describe()
    {
        // Assignments and metadata say something only once the members agree on them.
        var isStable = State == ClassicGroupState.Stable;
        var members = Members.Values.Select(member => new GroupMemberDescription(
            member.MemberId, member.InstanceId, member.ClientId, member.ClientHost,
            isStable ? member.MetadataFor(ProtocolName) : [], isStable ? member.Assignment : []));
        return new GroupDescription(GroupId, StateName, ProtocolType ?? "", isStable ? ProtocolName! : "", [.. members]);
    }

    public override void Check()
    {
        Invariant.Check(State != ClassicGroupState.Empty || Members.Count == 0, "an empty group has members");
        if (State is ClassicGroupState.CompletingRebalance or ClassicGroupState.Stable)
        {
            Invariant.Check(Members.Count > 0, "a group without members goes on");
            Invariant.Check(Leader is not null && Members.ContainsKey(Leader), "the leader is not a member");
            Invariant.Check(ProtocolName is not null, "no protocol is chosen");
        }

        foreach (var (id, member) in Members)
        {
            Invariant.Check(id == member.MemberId, "a member is under another's id");
            Invariant.Check(
                member.AwaitingJoin is null || State == ClassicGroupState.PreparingRebalance, "a join waits for nothing");
            Invariant.Check(
                member.AwaitingSync is null || State == ClassicGroupState.CompletingRebalance, "a sync waits for nothing");
            Invariant.Check(member.InstanceId is null || Instances[member.InstanceId] == id, "an instance is another member");
        }

        Invariant.Check(Instances.Count == Members.Values.Count(member => member.IsStatic), "an instance is not a member");
        Invariant.Check(Generation >= _highestGeneration, "the generation fell");
        _highestGeneration = Generation;
    }
}
