namespace Microcosm.Kafka;

/// <summary>
/// JoinGroup, SyncGroup, Heartbeat and LeaveGroup of the classic members of a consumer group (KIP-848). Their generation is their epoch:
/// whoever is to have something else is told to rebalance, says by its join what it gave up, and gets by its sync what is free of its
/// target. Nobody waits for others, and nobody leads.
/// </summary>
internal sealed class ClassicMembers(GroupBoard board, IGroupTopics topics, ConsumerRebalances rebalances, GroupMigration migration)
{
    public void Join(ConsumerGroup group, GroupJoin join, long nowMs, Action<JoinResult> reply)
    {
        var isNewcomer = join.MemberId.Length == 0;
        var memberId = isNewcomer ? board.NewId().ToString() : join.MemberId;
        var error = Refusal(group, join, memberId, out var known, out var subscription);
        var owned = topics.PartitionsOf((subscription?.OwnedPartitions ?? []).Select(topic => (topic.Topic, topic.Partitions)));
        // It was put out, and what it still reads may be another's.
        if (error == KafkaError.None && known is null && owned.Count > 0)
            error = KafkaError.UnknownMemberId;
        if (error == KafkaError.None && isNewcomer && join.InstanceId is null && join.RequiresKnownMemberId)
            error = KafkaError.MemberIdRequired;
        if (error != KafkaError.None)
        {
            reply(new JoinResult(error, error == KafkaError.MemberIdRequired ? memberId : join.MemberId));
            return;
        }

        var change = new ConsumerGroupChange(group);
        if (known is not null && known.MemberId != memberId)
            ConsumerRebalances.Replace(change, known, memberId);
        var said = known?.Subscription;
        rebalances.Subscribe(change, memberId, said, (said ?? MemberSubscription.None).With(join, subscription!), nowMs);
        rebalances.Assign(change);
        var member = group.Members[memberId];
        ConsumerRebalances.Reconcile(change, member, owned, nowMs);
        (member.RevokeDeadlineMs, member.JoinDeadlineMs) = (long.MaxValue, long.MaxValue);
        member.SyncDeadlineMs = nowMs + member.Subscription.RebalanceTimeoutMs;
        board.KeepAlive(group, member, nowMs);
        var joined = new JoinResult(
            KafkaError.None, memberId, member.Current.Epoch, ConsumerSubscription.ProtocolType, join.Protocols[0].Name);
        if (migration.TryBecomeClassicQuietly(change, nowMs) is { } classic)
            joined = joined with { ProtocolName = classic.ProtocolName };
        Write(change, failed => reply(failed == KafkaError.None ? joined : new JoinResult(failed, join.MemberId)));
    }

    public void Sync(ConsumerGroup group, GroupSync sync, long nowMs, Action<SyncResult> reply)
    {
        var error = Validate(group, sync.MemberId, sync.InstanceId, sync.GenerationId, out var member);
        if (error == KafkaError.None && !IsSameProtocol(member!, sync))
            error = KafkaError.InconsistentGroupProtocol;
        // Who must give up something first has joined already.
        if (error == KafkaError.None && group.Epoch > member!.Current.Epoch
            && member.Current.State != ConsumerMemberState.UnrevokedPartitions)
        {
            TellToJoin(group, member, nowMs);
            error = KafkaError.RebalanceInProgress;
        }

        if (error != KafkaError.None)
        {
            reply(new SyncResult(error, null, null, []));
            return;
        }

        member!.SyncDeadlineMs = long.MaxValue;
        board.KeepAlive(group, member, nowMs);
        var metadata = member.Subscription.Classic!.Protocols[0].Metadata;
        var synced = new SyncResult(KafkaError.None, sync.ProtocolType, sync.ProtocolName,
            ConsumerSubscription.Assignment(member.Current.Assigned, topics, metadata));
        board.AfterWrites(failed => reply(failed == KafkaError.None ? synced : new SyncResult(failed, null, null, [])));
    }

    public KafkaError Heartbeat(ConsumerGroup group, int generation, string memberId, string? instanceId, long nowMs)
    {
        var error = Validate(group, memberId, instanceId, generation, out var member);
        if (error != KafkaError.None)
            return error;
        board.KeepAlive(group, member!, nowMs);
        // Its own leader would have seen that a topic grew.
        var change = new ConsumerGroupChange(group);
        rebalances.Refresh(change, beginsEpoch: false);
        if (change.Records.Count > 0)
            Write(change, _ => { });
        if (!MustJoin(group, member!))
            return KafkaError.None;
        TellToJoin(group, member!, nowMs);
        return KafkaError.RebalanceInProgress;
    }

    /// <summary>Answers with one error for each of the leaving, in their order.</summary>
    public void Leave(
        ConsumerGroup group, IReadOnlyList<LeavingMember> leaving, long nowMs, Action<KafkaError, IReadOnlyList<KafkaError>> reply)
    {
        var results = leaving.Select(one => ValidateLeave(group, one, out _)).ToArray();
        var gone = leaving.Select(one => ValidateLeave(group, one, out var member) == KafkaError.None ? member : null)
            .OfType<ConsumerMember>().Distinct().ToArray();
        var change = new ConsumerGroupChange(group);
        if (gone.Length > 0)
            rebalances.RemoveAll(change, gone, nowMs);
        Write(change, failed => reply(failed, failed == KafkaError.None ? results : []));
    }

    private KafkaError Refusal(
        ConsumerGroup group, GroupJoin join, string memberId, out ConsumerMember? known, out ConsumerProtocolSubscription? subscription)
    {
        (known, subscription) = (null, null);
        if (group.Members.Count >= board.Options.ConsumerMaxSize && !group.Members.ContainsKey(memberId))
            return KafkaError.GroupMaxSizeReached;
        var replacedId = join.InstanceId is { } instance ? group.Instances.GetValueOrDefault(instance, memberId) : memberId;
        if (join.ProtocolType != ConsumerSubscription.ProtocolType
            || !join.Protocols.Any(protocol => group.IsSupported(protocol.Name, replacedId)))
            return KafkaError.InconsistentGroupProtocol;
        // All protocols of a consumer have one subscription.
        subscription = ConsumerSubscription.TryRead(join.Protocols[0].Metadata);
        if (subscription is null)
            return KafkaError.UnknownServerError;
        known = group.Members.GetValueOrDefault(replacedId);
        if (join.InstanceId is null || join.MemberId.Length == 0)
            return KafkaError.None;
        if (!group.Instances.ContainsKey(join.InstanceId))
            return KafkaError.UnknownMemberId;
        return replacedId == memberId ? KafkaError.None : KafkaError.FencedInstanceId;
    }

    private static KafkaError Validate(ConsumerGroup group, string memberId, string? instanceId, int generation, out ConsumerMember? member)
    {
        var error = ValidateLeave(group, new LeavingMember(memberId, instanceId), out member);
        if (error == KafkaError.None && member!.MemberId != memberId)
            error = KafkaError.FencedInstanceId;
        return error == KafkaError.None && generation != member!.Current.Epoch ? KafkaError.IllegalGeneration : error;
    }

    /// <summary>Whoever leaves may name its instance alone.</summary>
    private static KafkaError ValidateLeave(ConsumerGroup group, LeavingMember leaving, out ConsumerMember? member)
    {
        var memberId = leaving.InstanceId is { } instance ? group.Instances.GetValueOrDefault(instance, "") : leaving.MemberId;
        if (!group.Members.TryGetValue(memberId, out member))
            return KafkaError.UnknownMemberId;
        if (leaving.InstanceId is not null && leaving.MemberId.Length > 0 && leaving.MemberId != memberId)
            return KafkaError.FencedInstanceId;
        return member.IsClassic ? KafkaError.None : KafkaError.UnknownMemberId;
    }

    private static bool IsSameProtocol(ConsumerMember member, GroupSync sync) =>
        (sync.ProtocolType is null || sync.ProtocolType == ConsumerSubscription.ProtocolType)
        && (sync.ProtocolName is null || sync.ProtocolName == member.Subscription.Classic!.Protocols[0].Name);

    /// <summary>There is a new epoch, it is to give something up, or all that it still waits for is free.</summary>
    private static bool MustJoin(ConsumerGroup group, ConsumerMember member) =>
        member.Current.Epoch < group.Epoch || member.Current.State switch
        {
            ConsumerMemberState.UnrevokedPartitions => true,
            ConsumerMemberState.UnreleasedPartitions =>
                !group.TargetOf(member.MemberId).Without(member.Current.Assigned).Any(group.IsHeld),
            _ => false,
        };

    private void TellToJoin(ConsumerGroup group, ConsumerMember member, long nowMs)
    {
        if (member.JoinDeadlineMs == long.MaxValue)
            member.JoinDeadlineMs = nowMs + member.Subscription.RebalanceTimeoutMs;
        board.Changed(group);
    }

    private void Write(ConsumerGroupChange change, Action<KafkaError> done)
    {
        board.Changed(change.Group);
        if (change.Records.Count > 0)
            board.Write(change.Records, done);
        else
            board.AfterWrites(done);
    }
}
