using System.Text.RegularExpressions;

namespace Microcosm.Kafka;

/// <summary>From a changed subscription to a new epoch, from the epoch to targets, from the target to what a member holds.</summary>
internal sealed class ConsumerRebalances(GroupBoard board, IGroupTopics topics)
{
    /// <summary>
    /// Looks up the topics that the members read. A new group epoch begins if they are others than before, or if the caller says so.
    /// </summary>
    public void Refresh(ConsumerGroupChange change, bool beginsEpoch)
    {
        var group = change.Group;
        if (!beginsEpoch && group.TopicsVersion == topics.Version)
            return;
        group.TopicsVersion = topics.Version;
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
        var patterns = Patterns(group);
        var members = group.Members.Values.Select(member => new AssignorMember(
            member.MemberId, member.Subscription.InstanceId, TopicsOf(group, member.Subscription, patterns),
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
            member.ExpiresAtMs = nowMs + board.TimesOf(group.GroupId).SessionTimeoutMs;
            member.RevokeDeadlineMs = RevokeDeadline(member, nowMs);
        }

        board.Changed(group);
    }

    /// <summary>Takes out whose session is over, or who did not give up in time what it must.</summary>
    public void RunDue(ConsumerGroup group, long nowMs)
    {
        var change = new ConsumerGroupChange(group);
        var late = group.Members.Values.Where(member => member.ExpiresAtMs <= nowMs || member.RevokeDeadlineMs <= nowMs).ToArray();
        foreach (var member in late)
            Remove(change, member.MemberId);
        if (late.Length == 0)
            return;
        Refresh(change, beginsEpoch: true);
        board.Write(change.Records, _ => { });
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
        member.Current is { State: ConsumerMemberState.UnrevokedPartitions, Epoch: >= 0 }
            ? nowMs + member.Subscription.RebalanceTimeoutMs
            : long.MaxValue;

    private static Dictionary<string, Regex> Patterns(ConsumerGroup group) => group.Members.Values
        .Select(member => member.Subscription.TopicRegex).Where(pattern => pattern.Length > 0).Distinct()
        .ToDictionary(pattern => pattern, TopicRegex.Parse);

    private static IReadOnlyList<Guid> TopicsOf(ConsumerGroup group, MemberSubscription subscription, Dictionary<string, Regex> patterns)
    {
        var named = subscription.Topics.Where(group.Topics.ContainsKey);
        if (patterns.TryGetValue(subscription.TopicRegex, out var pattern))
            named = named.Concat(group.Topics.Keys.Where(name => pattern.IsMatch(name)));
        return [.. named.Distinct().Select(name => group.Topics[name].Id)];
    }

    private SortedDictionary<string, GroupTopic> ReadTopics(ConsumerGroup group)
    {
        var found = new SortedDictionary<string, GroupTopic>(StringComparer.Ordinal);
        var names = group.Members.Values.SelectMany(member => member.Subscription.Topics)
            .Concat(Patterns(group).Values.SelectMany(pattern => topics.Names.Where(name => pattern.IsMatch(name))));
        foreach (var name in names)
        {
            if (topics.Find(name) is { } topic)
                found[name] = topic;
        }

        return found;
    }
}
