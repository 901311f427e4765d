using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>ConsumerGroupHeartbeat: joining, staying and leaving are one request (KIP-848).</summary>
internal sealed class ConsumerHeartbeats(GroupBoard board, ConsumerRebalances rebalances, GroupMigration migration)
{
    /// <param name="mayDescribe">Whether the client may know of a topic, for its regular expression; null for all.</param>
    public void Heartbeat(
        ConsumerGroupHeartbeatRequest request, short version, string clientId, string clientHost, long nowMs,
        Action<ConsumerGroupHeartbeatResponse> reply, Func<string, bool>? mayDescribe = null)
    {
        if (board.IsClosed)
        {
            reply(Refused(board.ClosedError, null));
            return;
        }

        try
        {
            HeartbeatRules.Check(request, version, board.Options);
            if (request.MemberEpoch < 0)
                Leave(request, nowMs, reply);
            else
                Stay(request, clientId, clientHost, nowMs, reply, mayDescribe ?? (_ => true));
        }
        catch (GroupRefusal refusal)
        {
            reply(Refused(refusal.Error, refusal.Message));
        }
    }

    private void Stay(
        ConsumerGroupHeartbeatRequest request, string clientId, string clientHost, long nowMs,
        Action<ConsumerGroupHeartbeatResponse> reply, Func<string, bool> mayDescribe)
    {
        var isJoin = request.MemberEpoch == 0;
        var memberId = request.MemberId.Length > 0 ? request.MemberId : board.NewId().ToString();
        var change = isJoin ? migration.ForJoin(request.GroupId, nowMs) : new(board.ExistingConsumer(request.GroupId));
        var group = change.Group;
        if (group.Members.Count >= board.Options.ConsumerMaxSize && !group.Members.ContainsKey(memberId))
        {
            throw new GroupRefusal(KafkaError.GroupMaxSizeReached,
                $"The consumer group has reached its maximum capacity of {board.Options.ConsumerMaxSize} members.");
        }

        var owned = request.TopicPartitions is { } topics ? PartitionSet.Of(topics.Select(one => (one.TopicId, one.Partitions))) : null;
        var known = request.InstanceId is { } instance
            ? FindStatic(group, instance, memberId, request.MemberEpoch, owned)
            : FindDynamic(group, memberId, request.MemberEpoch, owned);

        // Nothing is refused from here on.
        var before = known?.Current.Assigned ?? PartitionSet.Empty;
        board.Put(group);
        if (isJoin && known is { Subscription.InstanceId: not null })
            ConsumerRebalances.Replace(change, known, memberId);
        var said = known?.Subscription;
        rebalances.Subscribe(
            change, memberId, said, (said ?? MemberSubscription.None).With(request, clientId, clientHost), nowMs, mayDescribe);
        var member = group.Members[memberId];
        rebalances.Assign(change);
        ConsumerRebalances.Reconcile(change, member, owned, nowMs);
        (member.JoinDeadlineMs, member.SyncDeadlineMs) = (long.MaxValue, long.MaxValue);
        board.KeepAlive(group, member, nowMs);
        var isFull = isJoin || (request.RebalanceTimeoutMs != -1 && request.SubscribedTopicNames is not null && owned is not null);
        Answer(change, member, isFull || !before.Equals(member.Current.Assigned), reply);
    }

    private static ConsumerMember? FindDynamic(ConsumerGroup group, string memberId, int epoch, PartitionSet? owned)
    {
        if (!group.Members.TryGetValue(memberId, out var member))
            return epoch == 0 ? null : throw UnknownMember(group, memberId);
        CheckEpoch(member.Current, epoch, owned);
        return member;
    }

    private static ConsumerMember? FindStatic(ConsumerGroup group, string instance, string memberId, int epoch, PartitionSet? owned)
    {
        if (epoch != 0)
        {
            var member = StaticMember(group, instance, memberId);
            CheckEpoch(member.Current, epoch, owned);
            return member;
        }

        if (!group.Instances.TryGetValue(instance, out var ownerId))
            return FindDynamic(group, memberId, epoch, owned);
        var owner = group.Members[ownerId];
        var isFree = (owner.Current.Epoch == MemberAssignment.LeftForNow || owner.IsClassic)
            && (ownerId == memberId || !group.Members.ContainsKey(memberId));
        return isFree ? owner : throw new GroupRefusal(KafkaError.UnreleasedInstanceId,
            $"Static member {memberId} with instance id {instance} cannot join the group because the instance id is owned by "
            + $"{ownerId} member.");
    }

    private static ConsumerMember StaticMember(ConsumerGroup group, string instance, string memberId)
    {
        if (!group.Instances.TryGetValue(instance, out var ownerId))
            throw new GroupRefusal(KafkaError.UnknownMemberId, $"Instance id {instance} is unknown.");
        return ownerId == memberId ? group.Members[ownerId] : throw new GroupRefusal(KafkaError.FencedInstanceId,
            $"Static member {memberId} with instance id {instance} was fenced by member {ownerId}.");
    }

    /// <summary>The previous epoch is right too for who missed our answer: then it reads nothing that we took from it.</summary>
    private static void CheckEpoch(MemberAssignment current, int epoch, PartitionSet? owned)
    {
        var missedAnswer = epoch == current.PreviousEpoch && owned is not null && owned.All(current.Assigned.Contains);
        if (epoch == current.Epoch || (epoch < current.Epoch && missedAnswer) || Bug.IsPlanted("kafka/member-epoch-not-fenced"))
            return;
        throw new GroupRefusal(KafkaError.FencedMemberEpoch,
            $"The consumer group member has a {(epoch > current.Epoch ? "greater" : "smaller")} member epoch ({epoch}) than the one known "
            + $"by the group coordinator ({current.Epoch}). The member must abandon all its partitions and rejoin.");
    }

    private void Leave(ConsumerGroupHeartbeatRequest request, long nowMs, Action<ConsumerGroupHeartbeatResponse> reply)
    {
        var group = board.ExistingConsumer(request.GroupId);
        var member = request.InstanceId is { } instance ? StaticMember(group, instance, request.MemberId)
            : group.Members.GetValueOrDefault(request.MemberId) ?? throw UnknownMember(group, request.MemberId);
        var change = new ConsumerGroupChange(group);
        if (request.MemberEpoch == MemberAssignment.LeftForNow)
        {
            member.RevokeDeadlineMs = long.MaxValue;
            change.Add(ConsumerGroupRecords.Current(group.GroupId, member.MemberId,
                member.Current with { Epoch = MemberAssignment.LeftForNow, Revoking = PartitionSet.Empty }));
        }
        else
        {
            rebalances.RemoveAll(change, [member], nowMs);
        }

        Answer(change, new ConsumerGroupHeartbeatResponse { MemberId = member.MemberId, MemberEpoch = request.MemberEpoch }, reply);
    }

    private void Answer(
        ConsumerGroupChange change, ConsumerMember member, bool hasAssignment, Action<ConsumerGroupHeartbeatResponse> reply)
    {
        var response = new ConsumerGroupHeartbeatResponse
        {
            MemberId = member.MemberId,
            MemberEpoch = member.Current.Epoch,
            HeartbeatIntervalMs = board.TimesOf(change.Group.GroupId).HeartbeatIntervalMs,
        };
        if (hasAssignment)
        {
            response.Assignment = new ConsumerGroupHeartbeatResponse.AssignmentData
            {
                TopicPartitions = [.. member.Current.Assigned.ByTopic().Select(topic => new ConsumerGroupHeartbeatResponse.TopicPartitions
                {
                    TopicId = topic.TopicId,
                    Partitions = topic.Partitions,
                })],
            };
        }

        Answer(change, response, reply);
    }

    private void Answer(ConsumerGroupChange change, ConsumerGroupHeartbeatResponse response, Action<ConsumerGroupHeartbeatResponse> reply)
    {
        if (change.Records.Count == 0)
        {
            board.AfterWrites(Written);
            return;
        }

        board.Changed(change.Group);
        board.Write(change.Records, Bug.IsPlanted("kafka/heartbeat-answered-before-commit") ? _ => { } : Written);
        if (Bug.IsPlanted("kafka/heartbeat-answered-before-commit"))
            Written(KafkaError.None);

        void Written(KafkaError error) => reply(error == KafkaError.None ? response : Refused(error, null));
    }

    private static GroupRefusal UnknownMember(ConsumerGroup group, string memberId) =>
        new(KafkaError.UnknownMemberId, $"Member {memberId} is not a member of group {group.GroupId}.");

    private static ConsumerGroupHeartbeatResponse Refused(KafkaError error, string? message) =>
        new() { ErrorCode = (short)error, ErrorMessage = message };
}
