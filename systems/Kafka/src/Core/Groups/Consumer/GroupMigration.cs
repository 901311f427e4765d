using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>
/// Groups in use change their kind and keep their members (KIP-848): a classic group when a member of a consumer group joins it, a
/// consumer group when only classic members are left.
/// Invariant: each partition is held, after the change, by who held it before, until that member says otherwise or its session is over.
/// </summary>
internal sealed class GroupMigration(GroupBoard board, IGroupTopics topics, ClassicRebalances rebalances)
{
    /// <summary>
    /// The consumer group of this id, for a member that joins: if need be a new one, which is nobody's until it is <c>Put</c> on the board.
    /// </summary>
    /// <exception cref="GroupRefusal">A classic group of the id is in use and cannot become a consumer group.</exception>
    public ConsumerGroupChange ForJoin(string groupId, long nowMs) => board.Groups.GetValueOrDefault(groupId) switch
    {
        ConsumerGroup known => new ConsumerGroupChange(known),
        ClassicGroup { IsEmpty: false } classic => BecomeConsumer(classic, nowMs),
        var former => new ConsumerGroupChange(
            new ConsumerGroup(groupId) { Offsets = former?.Offsets ?? new OffsetStore() }, former?.Tombstones() ?? []),
    };

    /// <summary>
    /// Makes a classic group of a consumer group in which only classic members are left. They are to rebalance: they may not have their
    /// targets yet, and nobody has what the last other member had.
    /// </summary>
    /// <returns>False: there are others, or nobody, or the policy or the size forbids it.</returns>
    public bool TryBecomeClassic(ConsumerGroupChange change, long nowMs)
    {
        if (!CanBecomeClassic(change.Group))
            return false;
        var classic = ToClassic(change.Group, nowMs);
        // Without a leader: who loads this record knows that the rebalance is still to come.
        classic.Leader = null;
        Replace(change, classic, nowMs);
        rebalances.PrepareRebalance(classic, nowMs);
        board.Changed(classic);
        return true;
    }

    /// <summary>The same where everybody has its target already, so that nobody notices; the group, or null for no change.</summary>
    public ClassicGroup? TryBecomeClassicQuietly(ConsumerGroupChange change, long nowMs)
    {
        if (!CanBecomeClassic(change.Group) || !change.Group.IsReconciled)
            return null;
        var classic = ToClassic(change.Group, nowMs);
        Replace(change, classic, nowMs);
        board.Changed(classic);
        return classic;
    }

    private bool CanBecomeClassic(ConsumerGroup group) =>
        !group.IsEmpty && group.Members.Values.All(member => member.IsClassic)
        && board.Options.MigrationPolicy.HasFlag(MigrationPolicy.Downgrade) && group.Members.Count <= board.Options.MaxSize;

    private void Replace(ConsumerGroupChange change, ClassicGroup classic, long nowMs)
    {
        foreach (var memberId in change.Group.Members.Keys.ToArray())
            ConsumerRebalances.Remove(change, memberId);
        change.Records.AddRange(change.Group.Tombstones());
        change.Records.Add(GroupRecords.Group(classic));
        board.Put(classic);
        foreach (var member in classic.Members.Values)
            board.KeepAlive(classic, member, nowMs);
    }

    private ClassicGroup ToClassic(ConsumerGroup group, long nowMs)
    {
        var classic = new ClassicGroup(group.GroupId, nowMs)
        {
            Offsets = group.Offsets, Generation = group.Epoch, ProtocolType = ConsumerSubscription.ProtocolType,
        };
        foreach (var (memberId, member) in group.Members)
        {
            var said = member.Subscription;
            classic.Add(new ClassicMember(memberId, said.InstanceId)
            {
                ClientId = said.ClientId, ClientHost = said.ClientHost, RebalanceTimeoutMs = said.RebalanceTimeoutMs,
                SessionTimeoutMs = said.Classic!.SessionTimeoutMs, Protocols = said.Classic.Protocols, HasSynced = true,
            });
        }

        classic.ProtocolName = classic.SelectProtocol();
        Invariant.Check(classic.ProtocolName is not null, "classic members have no protocol in common");
        foreach (var (memberId, member) in classic.Members)
        {
            // What it reads, though it is to have something else: the group may become a consumer group again before it hears of it.
            var held = Bug.IsPlanted("kafka/migration-to-targets") ? group.TargetOf(memberId) : group.Members[memberId].Current.Held;
            member.Assignment = ConsumerSubscription.Assignment(held, topics, member.MetadataFor(classic.ProtocolName));
        }

        classic.Restore(nowMs);
        return classic;
    }

    /// <summary>
    /// All members have in the group's generation what they were last assigned. Who is just joining for the first time is left out: it
    /// has nothing, and joins again.
    /// </summary>
    private ConsumerGroupChange BecomeConsumer(ClassicGroup classic, long nowMs)
    {
        var members = classic.Members.Values.Where(member => !member.IsNew).ToArray();
        if (!board.Options.MigrationPolicy.HasFlag(MigrationPolicy.Upgrade) || members.Length > board.Options.ConsumerMaxSize
            || classic.ProtocolType != ConsumerSubscription.ProtocolType)
            throw GroupBoard.NotAConsumerGroup(classic.GroupId);
        var (groupId, epoch) = (classic.GroupId, classic.Generation);
        var held = members.ToDictionary(member => member, member => HeldBy(classic, member));
        CheckHeldOnce(held.Values.SelectMany(partitions => partitions), epoch);
        var change = new ConsumerGroupChange(new ConsumerGroup(groupId) { Offsets = classic.Offsets }, GroupRecords.NoGroup(groupId));
        foreach (var member in members)
            change.Add(ConsumerGroupRecords.Subscription(groupId, member.MemberId, SubscriptionOf(classic, member)));
        change.Add(ConsumerGroupRecords.Epoch(groupId, epoch));
        foreach (var (member, partitions) in held)
            change.Add(ConsumerGroupRecords.Target(groupId, member.MemberId, partitions));
        change.Add(ConsumerGroupRecords.AssignmentEpoch(groupId, epoch));
        foreach (var (member, partitions) in held)
        {
            change.Add(ConsumerGroupRecords.Current(groupId, member.MemberId,
                new MemberAssignment(ConsumerMemberState.Stable, epoch, epoch, partitions, PartitionSet.Empty)));
            change.Group.Members[member.MemberId].ExpiresAtMs = nowMs + member.SessionTimeoutMs;
        }

        return change;
    }

    private static MemberSubscription SubscriptionOf(ClassicGroup group, ClassicMember member)
    {
        var join = new GroupJoin(
            group.GroupId, member.MemberId, member.InstanceId, member.ClientId, member.ClientHost, member.SessionTimeoutMs,
            member.RebalanceTimeoutMs, ConsumerSubscription.ProtocolType, member.Protocols, RequiresKnownMemberId: false,
            SkipsAssignment: false);
        var read = ConsumerSubscription.TryRead(member.Protocols[0].Metadata) ?? throw Malformed(group);
        return MemberSubscription.None.With(join, read);
    }

    private PartitionSet HeldBy(ClassicGroup group, ClassicMember member)
    {
        var read = ConsumerSubscription.TryReadAssignment(member.Assignment) ?? throw Malformed(group);
        return topics.PartitionsOf(read.AssignedPartitions.Select(topic => (topic.Topic, topic.Partitions)));
    }

    private static GroupRefusal Malformed(ClassicGroup group) => new(KafkaError.GroupIdNotFound,
        $"Cannot upgrade the classic group {group.GroupId} to consumer group because the embedded consumer protocol is malformed.");

    /// <summary>Leaders may assign as they like; here a partition has one reader.</summary>
    private static void CheckHeldOnce(IEnumerable<TopicIdPartition> held, int epoch)
    {
        var seen = new HashSet<TopicIdPartition>();
        foreach (var one in held)
        {
            if (!seen.Add(one))
            {
                throw new GroupRefusal(KafkaError.UnknownServerError,
                    $"Cannot set the epoch of {one.TopicId}-{one.Partition} to {epoch} because the partition is still owned at epoch "
                    + $"{epoch}");
            }
        }
    }
}
