namespace Microcosm.Kafka;

/// <summary>From a changed subscription to a new epoch, from the epoch to targets, from the target to what a member holds.</summary>
internal sealed class ConsumerRebalances(GroupBoard board, IGroupTopics topics, GroupMigration migration)
{
    // Rights may change, of which nobody tells: Kafka's group.consumer.regex.refresh.interval.ms.
    private const long ResolvedForMs = 600_000;

    /// <summary>Takes what a member says of itself into the group; a new epoch begins if it reads other topics than before.</summary>
    /// <param name="before">What it said before; null for a new member.</param>
    /// <param name="mayDescribe">Whether it may know of a topic; null for a member that has no regular expressions.</param>
    public void Subscribe(
        ConsumerGroupChange change, string memberId, MemberSubscription? before, MemberSubscription now, long nowMs,
        Func<string, bool>? mayDescribe = null)
    {
        if (now != before)
            change.Add(ConsumerGroupRecords.Subscription(change.Group.GroupId, memberId, now));
        if (mayDescribe is not null)
            Resolve(change, mayDescribe, nowMs);
        Refresh(change, beginsEpoch: before is null || !before.ReadsTheSame(now));
    }

    /// <summary>
    /// Looks up what the members' regular expressions stand for, when that may be something else than before: of the topics, those that
    /// the client may describe who asks.
    /// </summary>
    private void Resolve(ConsumerGroupChange change, Func<string, bool> mayDescribe, long nowMs)
    {
        var group = change.Group;
        var patterns = group.Members.Values.Select(member => member.Subscription.TopicRegex).Where(one => one.Length > 0)
            .Distinct().ToArray();
        var isCurrent = group.ResolvedVersion == topics.Version && nowMs - group.ResolvedAtMs < ResolvedForMs;
        if (isCurrent && patterns.All(group.Resolved.ContainsKey))
            return;
        (group.ResolvedVersion, group.ResolvedAtMs) = (topics.Version, nowMs);
        foreach (var pattern in patterns)
        {
            var regex = TopicRegex.Parse(pattern);
            var names = topics.Names.Where(name => regex.IsMatch(name) && mayDescribe(name)).ToArray();
            if (group.Resolved.TryGetValue(pattern, out var before) && before.SequenceEqual(names))
                continue;
            change.Add(ConsumerGroupRecords.Regex(group.GroupId, pattern, names, nowMs));
            group.TopicsVersion = -1;
        }
    }

    /// <summary>
    /// Looks up the topics that the members read. A new group epoch begins if they are others than before, or if the caller says so.
    /// </summary>
    public void Refresh(ConsumerGroupChange change, bool beginsEpoch)
    {
        var group = change.Group;
        if (!beginsEpoch && group.TopicsVersion == topics.Version)
            return;
        group.TopicsVersion = topics.Version;
        foreach (var pattern in group.Resolved.Keys.Except(group.Members.Values.Select(member => member.Subscription.TopicRegex)).ToArray())
            change.Add(ConsumerGroupRecords.NoRegex(group.GroupId, pattern));
        var found = ReadTopics(group);
        if (!found.Values.SequenceEqual(group.Topics.Values))
        {
            change.Add(ConsumerGroupRecords.Topics(group.GroupId, found.Values));
            beginsEpoch = true;
        }

        if (beginsEpoch)
            change.Add(ConsumerGroupRecords.Epoch(group.GroupId, group.Epoch + 1));
    }

    /// <summary>Computes the targets of the group's epoch, if that is not done.</summary>
    public void Assign(ConsumerGroupChange change)
    {
        var group = change.Group;
        if (group.Epoch == group.AssignmentEpoch)
            return;
        var members = group.Members.Values.Select(member => new AssignorMember(
            member.MemberId, member.Subscription.InstanceId, TopicsOf(group, member.Subscription),
            group.TargetOf(member.MemberId))).ToArray();
        var targets = AssignorOf(group).Assign(members, group.Topics.Values.ToDictionary(topic => topic.Id, topic => topic.Partitions));
        foreach (var member in members)
        {
            var target = targets[member.MemberId];
            if (!group.Targets.TryGetValue(member.MemberId, out var before) || !before.Equals(target))
                change.Add(ConsumerGroupRecords.Target(group.GroupId, member.MemberId, target));
        }

        change.Add(ConsumerGroupRecords.AssignmentEpoch(group.GroupId, group.Epoch));
    }

    /// <summary>One step of a member towards its target.</summary>
    public static void Reconcile(ConsumerGroupChange change, ConsumerMember member, PartitionSet? owned, long nowMs)
    {
        var group = change.Group;
        var next = Reconciliation.Next(
            member.Current, group.AssignmentEpoch, group.TargetOf(member.MemberId), owned, group.IsHeld);
        if (next == member.Current)
            return;
        change.Add(ConsumerGroupRecords.Current(group.GroupId, member.MemberId, next));
        member.RevokeDeadlineMs = RevokeDeadline(member, nowMs);
    }

    /// <summary>The first look at a loaded group: whoever is in it has a whole session.</summary>
    public void Loaded(ConsumerGroup group, long nowMs)
    {
        foreach (var member in group.Members.Values)
        {
            member.ExpiresAtMs = nowMs + board.SessionOf(group, member);
            member.RevokeDeadlineMs = RevokeDeadline(member, nowMs);
        }

        board.Changed(group);
    }

    /// <summary>Takes out whose session is over, or who did not do in time what it must.</summary>
    public void RunDue(ConsumerGroup group, long nowMs)
    {
        var change = new ConsumerGroupChange(group);
        var late = group.Members.Values.Where(member => member.DueMs <= nowMs).ToArray();
        if (late.Length == 0)
            return;
        RemoveAll(change, late, nowMs);
        board.Write(change.Records, _ => { });
    }

    /// <summary>Members are gone: the group goes on in a new epoch, or as a classic group if only classic members are left.</summary>
    public void RemoveAll(ConsumerGroupChange change, IReadOnlyList<ConsumerMember> gone, long nowMs)
    {
        foreach (var member in gone)
            Remove(change, member.MemberId);
        if (gone.All(member => member.IsClassic) || !migration.TryBecomeClassic(change, nowMs))
            Refresh(change, beginsEpoch: true);
    }

    /// <summary>KIP-345: a static member that comes back takes over all that its old self had.</summary>
    public static void Replace(ConsumerGroupChange change, ConsumerMember old, string memberId)
    {
        var target = change.Group.TargetOf(old.MemberId);
        Remove(change, old.MemberId);
        change.Add(ConsumerGroupRecords.Subscription(change.Group.GroupId, memberId, old.Subscription));
        change.Add(ConsumerGroupRecords.Target(change.Group.GroupId, memberId, target));
        change.Add(ConsumerGroupRecords.Current(change.Group.GroupId, memberId, old.Current with { Epoch = 0, PreviousEpoch = 0 }));
    }

    /// <summary>Takes a member out; what it held is free. The caller begins an epoch.</summary>
    public static void Remove(ConsumerGroupChange change, string memberId)
    {
        change.Add(ConsumerGroupRecords.NoCurrent(change.Group.GroupId, memberId));
        change.Add(ConsumerGroupRecords.NoTarget(change.Group.GroupId, memberId));
        change.Add(ConsumerGroupRecords.NoSubscription(change.Group.GroupId, memberId));
    }

    /// <summary>The one that most members wish; of equals the one that the broker names first.</summary>
    public IConsumerAssignor AssignorOf(ConsumerGroup group)
    {
        var votes = group.Members.Values.CountBy(member => member.Subscription.ServerAssignor ?? "").ToDictionary();
        return board.Options.ConsumerAssignors.MaxBy(assignor => votes.GetValueOrDefault(assignor.Name))!;
    }

    private static long RevokeDeadline(ConsumerMember member, long nowMs) =>
        // A classic member gives up by joining again, and has a deadline for that.
        member.Current is { State: ConsumerMemberState.UnrevokedPartitions, Epoch: >= 0 } && !member.IsClassic
            ? nowMs + member.Subscription.RebalanceTimeoutMs
            : long.MaxValue;

    private static IReadOnlyList<Guid> TopicsOf(ConsumerGroup group, MemberSubscription subscription) =>
        [.. subscription.Topics.Concat(group.Resolved.GetValueOrDefault(subscription.TopicRegex, [])).Where(group.Topics.ContainsKey)
            .Distinct().Select(name => group.Topics[name].Id)];

    private SortedDictionary<string, GroupTopic> ReadTopics(ConsumerGroup group)
    {
        var found = new SortedDictionary<string, GroupTopic>(StringComparer.Ordinal);
        var named = group.Members.Values.SelectMany(member => member.Subscription.Topics);
        foreach (var name in named.Concat(group.Resolved.Values.SelectMany(names => names)))
        {
            if (topics.Find(name) is { } topic)
                found[name] = topic;
        }

        return found;
    }
}
