using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>SyncGroup, Heartbeat, LeaveGroup.</summary>
internal sealed class ClassicMembership(GroupBoard board, ClassicRebalances rebalances, ClassicMembers ofConsumerGroups)
{
    public void Sync(GroupSync sync, long nowMs, Action<SyncResult> reply)
    {
        if (FindConsumers(sync.GroupId) is { } consumers)
        {
            ofConsumerGroups.Sync(consumers, sync, nowMs, reply);
            return;
        }

        var error = ValidateMember(sync.GroupId, sync.MemberId, sync.InstanceId, sync.GenerationId, out var group, out var member);
        if (error == KafkaError.None && !IsSameProtocol(group!, sync))
            error = KafkaError.InconsistentGroupProtocol;
        if (error == KafkaError.None && group!.State == ClassicGroupState.PreparingRebalance)
            error = KafkaError.RebalanceInProgress;
        if (error != KafkaError.None)
        {
            reply(new SyncResult(error, null, null, []));
            return;
        }

        member!.HasSynced = true;
        if (group!.Members.Values.All(one => one.HasSynced))
            group.SyncDeadlineMs = long.MaxValue;
        board.KeepAlive(group, member, nowMs);
        if (group.State == ClassicGroupState.Stable)
        {
            reply(Synced(group, member));
            return;
        }

        member.AnswerSync(new SyncResult(KafkaError.RebalanceInProgress, null, null, []));
        member.AwaitingSync = reply;
        if (group.Leader == member.MemberId && !group.IsWritingAssignment)
            WriteAssignment(group, sync.Assignments, nowMs);
        board.Changed(group);
    }

    public KafkaError Heartbeat(string groupId, int generation, string memberId, string? instanceId, long nowMs)
    {
        if (FindConsumers(groupId) is { } consumers)
            return ofConsumerGroups.Heartbeat(consumers, generation, memberId, instanceId, nowMs);
        var error = ValidateMember(groupId, memberId, instanceId, generation, out var group, out var member);
        if (error != KafkaError.None)
            return error;
        board.KeepAlive(group!, member!, nowMs);
        return group!.State == ClassicGroupState.PreparingRebalance ? KafkaError.RebalanceInProgress : KafkaError.None;
    }

    /// <summary>Answers with the error of the request, and one for each of the leaving, in their order.</summary>
    public void Leave(
        string groupId, IReadOnlyList<LeavingMember> leaving, long nowMs, Action<KafkaError, IReadOnlyList<KafkaError>> reply)
    {
        if (FindConsumers(groupId) is { } consumers)
        {
            ofConsumerGroups.Leave(consumers, leaving, nowMs, reply);
            return;
        }

        if (board.IsClosed || board.FindClassic(groupId) is not { } group)
        {
            reply(board.IsClosed ? board.ClosedError : KafkaError.UnknownMemberId, []);
            return;
        }

        var results = leaving.Select(one => LeaveOne(group, one)).ToArray();
        if (results.Contains(KafkaError.None))
            rebalances.RebalanceWithout(group, nowMs);
        board.Changed(group);
        reply(KafkaError.None, results);
    }

    private ConsumerGroup? FindConsumers(string groupId) =>
        board.IsClosed ? null : board.Groups.GetValueOrDefault(groupId) as ConsumerGroup;

    private static KafkaError LeaveOne(ClassicGroup group, LeavingMember leaving)
    {
        if (leaving.InstanceId is null && group.PendingMembers.Remove(leaving.MemberId))
            return KafkaError.None;
        var memberId = leaving.MemberId;
        if (memberId.Length == 0 && leaving.InstanceId is { } instance)
            memberId = group.Instances.GetValueOrDefault(instance, "");
        var error = group.Validate(memberId, leaving.InstanceId);
        if (error == KafkaError.None)
            ClassicRebalances.RemoveMember(group, group.Members[memberId]);
        return error;
    }

    private KafkaError ValidateMember(
        string groupId, string memberId, string? instanceId, int generation, out ClassicGroup? group, out ClassicMember? member)
    {
        (group, member) = (null, null);
        if (board.IsClosed)
            return board.ClosedError;
        if (groupId.Length == 0)
            return KafkaError.InvalidGroupId;
        group = board.FindClassic(groupId);
        if (group is null)
            return KafkaError.UnknownMemberId;
        var error = group.Validate(memberId, instanceId);
        if (error != KafkaError.None)
            return error;
        member = group.Members[memberId];
        return generation == group.Generation ? KafkaError.None : KafkaError.IllegalGeneration;
    }

    private static bool IsSameProtocol(ClassicGroup group, GroupSync sync) =>
        (sync.ProtocolType is null || sync.ProtocolType == group.ProtocolType)
        && (sync.ProtocolName is null || sync.ProtocolName == group.ProtocolName);

    private void WriteAssignment(ClassicGroup group, IReadOnlyDictionary<string, byte[]> assignments, long nowMs)
    {
        var generation = group.Generation;
        group.IsWritingAssignment = true;
        foreach (var member in group.Members.Values)
            member.Assignment = assignments.GetValueOrDefault(member.MemberId, []);
        board.Write([GroupRecords.Group(group)], Written);
        if (Bug.IsPlanted("kafka/sync-answered-before-commit"))
            Written(KafkaError.None);

        void Written(KafkaError error)
        {
            // A rebalance in the meantime has answered all who waited, and the assignment is of an old generation.
            if (error != KafkaError.None || group.Generation != generation || group.State != ClassicGroupState.CompletingRebalance)
                return;
            group.IsWritingAssignment = false;
            group.MoveTo(ClassicGroupState.Stable, nowMs);
            foreach (var member in group.Members.Values)
                member.AnswerSync(Synced(group, member));
            board.Changed(group);
        }
    }

    private static SyncResult Synced(ClassicGroup group, ClassicMember member) =>
        new(KafkaError.None, group.ProtocolType, group.ProtocolName, member.Assignment);
}
