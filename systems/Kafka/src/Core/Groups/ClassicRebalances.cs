using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>From the first join of a rebalance to the new generation, and what time does to members.</summary>
internal sealed class ClassicRebalances(GroupBoard board)
{
    public void PrepareRebalance(ClassicGroup group, long nowMs)
    {
        foreach (var member in group.Members.Values)
        {
            member.Assignment = group.State == ClassicGroupState.CompletingRebalance ? [] : member.Assignment;
            if (member.AwaitingSync is not null)
            {
                board.KeepAlive(group, member, nowMs);
                member.AnswerSync(new SyncResult(KafkaError.RebalanceInProgress, null, null, []));
            }
        }

        var isFirst = group.State == ClassicGroupState.Empty;
        group.MoveTo(ClassicGroupState.PreparingRebalance, nowMs);
        group.SyncDeadlineMs = long.MaxValue;
        group.IsInitialDelay = isFirst && board.Options.InitialRebalanceDelayMs > 0;
        group.HasNewMember = false;
        if (group.IsInitialDelay)
        {
            // KIP-134: as long as members keep coming the delay is renewed, within the rebalance time-out.
            group.JoinDeadlineMs = nowMs + board.Options.InitialRebalanceDelayMs;
            group.InitialDelayLeftMs = Math.Max(group.RebalanceTimeoutMs - board.Options.InitialRebalanceDelayMs, 0);
        }
        else
        {
            group.JoinDeadlineMs = nowMs + group.RebalanceTimeoutMs;
        }
    }

    public void RebalanceWithout(ClassicGroup group, long nowMs)
    {
        if (group.State is ClassicGroupState.Stable or ClassicGroupState.CompletingRebalance)
            PrepareRebalance(group, nowMs);
        TryCompleteJoin(group, nowMs);
    }

    public void TryCompleteJoin(ClassicGroup group, long nowMs)
    {
        if (group.State == ClassicGroupState.PreparingRebalance && !group.IsInitialDelay && group.HasAllMembersJoined)
            CompleteJoin(group, nowMs);
    }

    /// <summary>The deadline came, or all are here.</summary>
    private void CompleteJoin(ClassicGroup group, long nowMs)
    {
        foreach (var gone in group.Members.Values.Where(member => member.AwaitingJoin is null && !member.IsStatic).ToArray())
            group.Remove(gone);
        if (group.Members.Count > 0 && !HasJoinedLeader(group))
        {
            // Static members alone, and none is here: they may come back until their sessions end.
            group.JoinDeadlineMs = nowMs + Math.Max(group.RebalanceTimeoutMs, 1);
            return;
        }

        group.IsInitialDelay = false;
        group.Generation++;
        if (group.Members.Count == 0)
        {
            group.ProtocolName = null;
            group.MoveTo(ClassicGroupState.Empty, nowMs);
            board.Write([GroupRecords.Group(group)], _ => { });
            return;
        }

        group.ProtocolName = group.SelectProtocol();
        group.MoveTo(ClassicGroupState.CompletingRebalance, nowMs);
        group.IsWritingAssignment = false;
        group.SyncDeadlineMs = nowMs + Math.Max(group.RebalanceTimeoutMs, 1);
        foreach (var member in group.Members.Values.ToArray())
        {
            member.IsNew = false;
            member.HasSynced = false;
            if (member.AwaitingJoin is null)
                continue;
            board.KeepAlive(group, member, nowMs);
            member.AnswerJoin(Joined(group, member));
        }
    }

    private static bool HasJoinedLeader(ClassicGroup group)
    {
        if (group.Leader is { } leader && group.Members[leader].AwaitingJoin is not null)
            return true;
        if (group.Members.Values.FirstOrDefault(member => member.AwaitingJoin is not null) is not { } next)
            return false;
        group.Leader = next.MemberId;
        return true;
    }

    /// <summary>The first look at a loaded group: whoever is in it has a whole session.</summary>
    public void Loaded(ClassicGroup group, long nowMs)
    {
        foreach (var member in group.Members.Values)
            board.KeepAlive(group, member, nowMs);
        // It was a consumer group until now, and its members do not know.
        if (group is { IsEmpty: false, Leader: null })
            PrepareRebalance(group, nowMs);
        board.Changed(group);
    }

    public void RunDue(ClassicGroup group, long nowMs)
    {
        foreach (var (memberId, expiry) in group.PendingMembers.ToArray())
        {
            if (expiry <= nowMs)
                group.PendingMembers.Remove(memberId);
        }

        var gone = group.Members.Values.Where(member => member.HasExpired(nowMs)).ToArray();
        foreach (var member in gone)
            RemoveMember(group, member);
        if (group.State is ClassicGroupState.CompletingRebalance or ClassicGroupState.Stable
            && group.SyncDeadlineMs <= nowMs && !group.IsWritingAssignment)
            gone = [.. gone, .. DropUnsynced(group, nowMs)];
        if (gone.Length > 0)
            RebalanceWithout(group, nowMs);
        else
            TryCompleteJoin(group, nowMs);
        if (group.State == ClassicGroupState.PreparingRebalance && group.JoinDeadlineMs <= nowMs)
            JoinDeadline(group, nowMs);
    }

    private void JoinDeadline(ClassicGroup group, long nowMs)
    {
        if (!group.IsInitialDelay || !group.HasNewMember || group.InitialDelayLeftMs == 0)
        {
            CompleteJoin(group, nowMs);
            return;
        }

        var more = Math.Min(board.Options.InitialRebalanceDelayMs, group.InitialDelayLeftMs);
        group.HasNewMember = false;
        group.InitialDelayLeftMs -= more;
        group.JoinDeadlineMs = nowMs + more;
    }

    /// <summary>Who did not fetch its assignment in time is gone; else all others would wait for a dead leader.</summary>
    private ClassicMember[] DropUnsynced(ClassicGroup group, long nowMs)
    {
        group.SyncDeadlineMs = nowMs + Math.Max(group.RebalanceTimeoutMs, 1);
        var late = group.Members.Values.Where(member => !member.HasSynced).ToArray();
        foreach (var member in late)
            RemoveMember(group, member);
        return late;
    }

    /// <summary>Takes a member out and tells whoever waits in its name. The caller rebalances the rest.</summary>
    public static void RemoveMember(ClassicGroup group, ClassicMember member)
    {
        group.Remove(member);
        member.AnswerJoin(new JoinResult(KafkaError.UnknownMemberId, member.MemberId));
        member.AnswerSync(new SyncResult(KafkaError.UnknownMemberId, null, null, []));
    }

    /// <summary>The answer of this generation to one of its members.</summary>
    public static JoinResult Joined(ClassicGroup group, ClassicMember member)
    {
        Invariant.Check(group.Leader is not null, "a generation without a leader");
        var members = group.Leader != member.MemberId
            ? []
            : group.Members.Values
                .Select(one => new JoinedMember(one.MemberId, one.InstanceId, one.MetadataFor(group.ProtocolName))).ToArray();
        return new JoinResult(KafkaError.None, member.MemberId, group.Generation, group.ProtocolType, group.ProtocolName, group.Leader,
            Members: members);
    }
}
