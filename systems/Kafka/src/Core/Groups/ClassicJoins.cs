namespace Microcosm.Kafka;

/// <summary>JoinGroup.</summary>
internal sealed class ClassicJoins(GroupBoard board, ClassicRebalances rebalances, ClassicMembers ofConsumerGroups)
{
    public void Join(GroupJoin join, long nowMs, Action<JoinResult> reply)
    {
        var refused = Refusal(join);
        if (refused != KafkaError.None)
        {
            reply(new JoinResult(refused, join.MemberId));
            return;
        }

        if (board.Groups.GetValueOrDefault(join.GroupId) is ConsumerGroup { IsEmpty: false } consumers)
        {
            ofConsumerGroups.Join(consumers, join, nowMs, reply);
            return;
        }

        var group = board.ClassicFor(join.GroupId, nowMs);
        if (!group.CanTake(join.ProtocolType, join.Protocols))
            reply(new JoinResult(KafkaError.InconsistentGroupProtocol, join.MemberId));
        else if (join.MemberId.Length > 0)
            JoinKnown(group, join, nowMs, reply);
        else if (join.InstanceId is { } instance && group.Instances.TryGetValue(instance, out var oldId))
            JoinAgainAsStatic(group, group.Members[oldId], join, nowMs, reply);
        else
            JoinNew(group, join, nowMs, reply);
        board.Changed(group);
    }

    private KafkaError Refusal(GroupJoin join)
    {
        if (board.IsClosed)
            return board.ClosedError;
        if (join.GroupId.Length == 0)
            return KafkaError.InvalidGroupId;
        if (join.SessionTimeoutMs < board.Options.MinSessionTimeoutMs || join.SessionTimeoutMs > board.Options.MaxSessionTimeoutMs)
            return KafkaError.InvalidSessionTimeout;
        if (join.ProtocolType.Length == 0 || join.Protocols.Count == 0)
            return KafkaError.InconsistentGroupProtocol;
        if (board.Groups.GetValueOrDefault(join.GroupId) is ConsumerGroup { IsEmpty: false })
            return KafkaError.None;
        if (board.FindClassic(join.GroupId) is not { } group)
            return join.MemberId.Length > 0 ? KafkaError.UnknownMemberId : KafkaError.None;
        var isNew = join.MemberId.Length == 0 && !(join.InstanceId is { } instance && group.Instances.ContainsKey(instance));
        return isNew && group.Members.Count + group.PendingMembers.Count >= board.Options.MaxSize
            ? KafkaError.GroupMaxSizeReached
            : KafkaError.None;
    }

    private void JoinNew(ClassicGroup group, GroupJoin join, long nowMs, Action<JoinResult> reply)
    {
        var memberId = NewMemberId(join);
        if (join.InstanceId is null && join.RequiresKnownMemberId)
        {
            // KIP-394: a client that dies here left no member behind, only an id that expires.
            group.PendingMembers[memberId] = nowMs + join.SessionTimeoutMs;
            reply(new JoinResult(KafkaError.MemberIdRequired, memberId));
            return;
        }

        AddAndRebalance(group, memberId, join, nowMs, reply);
    }

    private string NewMemberId(GroupJoin join) => $"{join.InstanceId ?? join.ClientId}-{board.NewId()}";

    private void AddAndRebalance(ClassicGroup group, string memberId, GroupJoin join, long nowMs, Action<JoinResult> reply)
    {
        var member = new ClassicMember(memberId, join.InstanceId) { IsNew = true };
        Update(member, join);
        group.ProtocolType = join.ProtocolType;
        group.Add(member);
        group.HasNewMember = true;
        board.KeepAlive(group, member, nowMs);
        WaitForJoin(group, member, nowMs, reply);
    }

    private static void Update(ClassicMember member, GroupJoin join)
    {
        member.ClientId = join.ClientId;
        member.ClientHost = join.ClientHost;
        member.SessionTimeoutMs = join.SessionTimeoutMs;
        member.RebalanceTimeoutMs = join.RebalanceTimeoutMs;
        member.Protocols = join.Protocols;
    }

    private void JoinKnown(ClassicGroup group, GroupJoin join, long nowMs, Action<JoinResult> reply)
    {
        if (join.InstanceId is null && group.PendingMembers.Remove(join.MemberId))
        {
            AddAndRebalance(group, join.MemberId, join, nowMs, reply);
            return;
        }

        var error = group.Validate(join.MemberId, join.InstanceId);
        if (error != KafkaError.None)
        {
            reply(new JoinResult(error, join.MemberId));
            return;
        }

        var member = group.Members[join.MemberId];
        var isLeader = group.Leader == member.MemberId;
        var goesOn = member.Matches(join.Protocols) && group.State switch
        {
            // It lost our answer: the same again.
            ClassicGroupState.CompletingRebalance => true,
            // A leader that joins again asks for a new assignment; a follower only lost our answer.
            ClassicGroupState.Stable => !isLeader,
            _ => false,
        };
        if (goesOn)
        {
            board.KeepAlive(group, member, nowMs);
            var answer = ClassicRebalances.Joined(group, member);
            board.AfterWrites(failed => reply(failed == KafkaError.None ? answer : new JoinResult(failed, join.MemberId)));
            return;
        }

        Update(member, join);
        board.KeepAlive(group, member, nowMs);
        WaitForJoin(group, member, nowMs, reply);
    }

    /// <summary>KIP-345: a static member that comes back without an id takes its old place, mostly without a rebalance.</summary>
    private void JoinAgainAsStatic(ClassicGroup group, ClassicMember member, GroupJoin join, long nowMs, Action<JoinResult> reply)
    {
        var oldLeader = group.Leader!;
        group.Replace(member, NewMemberId(join));
        Update(member, join);
        board.KeepAlive(group, member, nowMs);
        if (group.State != ClassicGroupState.Stable || group.SelectProtocol() != group.ProtocolName)
        {
            WaitForJoin(group, member, nowMs, reply);
            return;
        }

        // The new id must survive a failover, or the member would be unknown after it.
        var isLeader = group.Leader == member.MemberId;
        var answer = isLeader switch
        {
            false => ClassicRebalances.Joined(group, member),
            // KIP-814: it learns that it leads, and that nothing is to be assigned. An older client must not think it leads.
            true when join.SkipsAssignment => ClassicRebalances.Joined(group, member) with { SkipAssignment = true },
            true => ClassicRebalances.Joined(group, member) with { Leader = oldLeader, Members = [] },
        };
        board.Write([GroupRecords.Group(group)],
            error => reply(error == KafkaError.None ? answer : new JoinResult(error, join.MemberId)));
    }

    private void WaitForJoin(ClassicGroup group, ClassicMember member, long nowMs, Action<JoinResult> reply)
    {
        // A client that asks twice no longer listens to the first answer.
        member.AnswerJoin(new JoinResult(KafkaError.RebalanceInProgress, member.MemberId));
        if (group.State != ClassicGroupState.PreparingRebalance)
            rebalances.PrepareRebalance(group, nowMs);
        member.AwaitingJoin = reply;
        rebalances.TryCompleteJoin(group, nowMs);
    }
}
