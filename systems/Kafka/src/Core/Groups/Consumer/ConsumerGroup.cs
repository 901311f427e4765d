using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>
/// A group whose members heartbeat and whose coordinator assigns (KIP-848). It is exactly what its records say; only
/// <see cref="ConsumerGroupReplay"/> changes it.
/// Invariants, checked after each change:
/// 1. A partition is held by at most one member, whatever the epochs: it is given only when nobody else may read it.
/// 2. Epochs only grow: no member is ahead of the assignment, nor the assignment of the group.
/// 3. Each static instance is exactly one member.
/// 4. A member that is stable in the assignment's epoch holds exactly its target.
/// </summary>
internal sealed class ConsumerGroup(string groupId) : Group(groupId)
{
    private readonly Dictionary<TopicIdPartition, string> _holders = [];
    private int _highestEpoch;

    public SortedDictionary<string, ConsumerMember> Members { get; } = new(StringComparer.Ordinal);

    /// <summary>The members of static instances.</summary>
    public Dictionary<string, string> Instances { get; } = [];

    /// <summary>Grows with each change of members, subscriptions or topics.</summary>
    public int Epoch { get; set; }

    /// <summary>The group's epoch for which the targets were computed.</summary>
    public int AssignmentEpoch { get; set; }

    /// <summary>The topics that the members read and that exist, by name, as the targets know them.</summary>
    public SortedDictionary<string, GroupTopic> Topics { get; set; } = new(StringComparer.Ordinal);

    /// <summary>The topics that each regular expression of the members stands for.</summary>
    public SortedDictionary<string, IReadOnlyList<string>> Resolved { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, PartitionSet> Targets { get; } = [];

    /// <summary>The <see cref="IGroupTopics.Version"/> that <see cref="Topics"/> were looked up in; -1 for none.</summary>
    public long TopicsVersion { get; set; } = -1;

    /// <summary>The same of <see cref="Resolved"/>.</summary>
    public long ResolvedVersion { get; set; } = -1;

    public long ResolvedAtMs { get; set; }

    public override string StateName
    {
        get
        {
            if (Members.Count == 0)
                return "Empty";
            if (Epoch > AssignmentEpoch)
                return "Assigning";
            return IsReconciled ? "Stable" : "Reconciling";
        }
    }

    /// <summary>Everybody has what the group's epoch gives it.</summary>
    public bool IsReconciled => Epoch == AssignmentEpoch && Members.Values.All(member => member.Current.IsReconciledTo(Epoch));

    public override bool IsEmpty => Members.Count == 0;

    public override long FirstDueMs => Members.Values.Select(member => member.DueMs).DefaultIfEmpty(long.MaxValue).Min();

    /// <summary>True if this protocol is one of all classic members, this one aside.</summary>
    public bool IsSupported(string protocol, string exceptMemberId) => Members.Values.All(
        member => member.MemberId == exceptMemberId || member.Subscription.Classic is not { } classic || classic.Supports(protocol));

    public bool IsHeld(TopicIdPartition partition) => _holders.ContainsKey(partition);

    public PartitionSet TargetOf(string memberId) => Targets.GetValueOrDefault(memberId, PartitionSet.Empty);

    public ConsumerMember MemberFor(string memberId)
    {
        if (!Members.TryGetValue(memberId, out var member))
            Members[memberId] = member = new ConsumerMember(memberId);
        return member;
    }

    public void SetSubscription(string memberId, MemberSubscription subscription)
    {
        var member = MemberFor(memberId);
        ReleaseInstance(member);
        member.Subscription = subscription;
        if (subscription.InstanceId is { } instance)
            Instances[instance] = memberId;
    }

    public void SetCurrent(string memberId, MemberAssignment current)
    {
        var member = MemberFor(memberId);
        Invariant.Check(
            current.Epoch >= member.Current.Epoch || current.Epoch == MemberAssignment.LeftForNow, "a member's epoch fell");
        Release(member);
        member.Current = current;
        foreach (var partition in current.Held)
            _holders[partition] = memberId;
    }

    /// <summary>What it held is free.</summary>
    public void RemoveCurrent(string memberId)
    {
        if (!Members.TryGetValue(memberId, out var member))
            return;
        Release(member);
        member.Current = MemberAssignment.None;
    }

    public void RemoveMember(string memberId)
    {
        if (!Members.Remove(memberId, out var member))
            return;
        Release(member);
        ReleaseInstance(member);
    }

    public override KafkaError ValidateCommit(GroupCommit commit)
    {
        var isTransactional = commit.ProducerId >= 0;
        if (commit.GenerationId < 0 && IsEmpty)
            return KafkaError.None;
        if (!isTransactional && Members.GetValueOrDefault(commit.MemberId) is { IsClassic: false } && !commit.KnowsMemberEpochs)
            return KafkaError.UnsupportedVersion;
        var error = ValidateEpoch(commit.MemberId, commit.GenerationId);
        // Clients of transactions know no stale epochs.
        return error == KafkaError.StaleMemberEpoch && isTransactional ? KafkaError.IllegalGeneration : error;
    }

    /// <summary>Who does not say who it is may read: it is an administrator.</summary>
    public override KafkaError ValidateFetch(string? memberId, int memberEpoch) =>
        memberId is null && memberEpoch < 0 ? KafkaError.None : ValidateEpoch(memberId ?? "", memberEpoch);

    public override IReadOnlySet<string> SubscribedTopics() =>
        new HashSet<string>(Members.Values.SelectMany(member => member.Subscription.Topics).Concat(Topics.Keys));

    public override long? RetainedSinceMs(CommittedOffset offset) => offset.CommitTimestamp;

    public override IReadOnlyList<CoordinatorRecord> Tombstones()
    {
        Invariant.Check(IsEmpty, "a group in use is dropped");
        return
        [
            .. Resolved.Keys.Select(pattern => ConsumerGroupRecords.NoRegex(GroupId, pattern)),
            ConsumerGroupRecords.NoAssignmentEpoch(GroupId), ConsumerGroupRecords.NoTopics(GroupId), ConsumerGroupRecords.NoEpoch(GroupId),
        ];
    }

    public override GroupDescription Describe() => new(GroupId, StateName, ConsumerSubscription.ProtocolType, "", [], "consumer");

    public override void Check()
    {
        var held = 0;
        foreach (var (id, member) in Members)
        {
            var current = member.Current;
            Invariant.Check(member.Current.Epoch <= AssignmentEpoch, "a member is ahead of the assignment");
            Invariant.Check(!current.Assigned.Overlaps(current.Revoking), "a member must give up what is assigned to it");
            Invariant.Check(current.Held.All(one => _holders.GetValueOrDefault(one) == id), "a partition is held by two members");
            held += current.Held.Count;
            Invariant.Check(
                !current.IsReconciledTo(AssignmentEpoch) || current.Assigned.Equals(TargetOf(id)), "a stable member misses its target");
            Invariant.Check(
                member.Subscription.InstanceId is not { } instance || Instances[instance] == id, "an instance is another member");
        }

        Invariant.Check(held == _holders.Count, "a partition is held by nobody that is here");
        Invariant.Check(Instances.Values.All(Members.ContainsKey), "an instance is not a member");
        Invariant.Check(Targets.Keys.All(Members.ContainsKey), "a target is nobody's");
        Invariant.Check(AssignmentEpoch <= Epoch && _highestEpoch <= Epoch, "the group's epoch fell");
        _highestEpoch = Epoch;
    }

    private KafkaError ValidateEpoch(string memberId, int epoch)
    {
        if (!Members.TryGetValue(memberId, out var member))
            return KafkaError.UnknownMemberId;
        if (epoch == member.Current.Epoch || Bug.IsPlanted("kafka/stale-member-commits"))
            return KafkaError.None;
        return member.IsClassic ? KafkaError.IllegalGeneration : KafkaError.StaleMemberEpoch;
    }

    private void ReleaseInstance(ConsumerMember member)
    {
        if (member.Subscription.InstanceId is { } instance && Instances.GetValueOrDefault(instance) == member.MemberId)
            Instances.Remove(instance);
    }

    private void Release(ConsumerMember member)
    {
        foreach (var partition in member.Current.Held)
        {
            if (_holders.GetValueOrDefault(partition) == member.MemberId)
                _holders.Remove(partition);
        }
    }
}
