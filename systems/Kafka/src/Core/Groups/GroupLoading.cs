using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>Replays the log of a partition of __consumer_offsets into groups.</summary>
internal sealed class GroupLoading(GroupBoard board)
{
    public void Load(CoordinatorRecord record, long producerId)
    {
        if (ConsumerGroupReplay.Knows(record.Key))
        {
            LoadConsumer(ConsumerGroupReplay.GroupIdOf(record.Key), record);
            return;
        }

        var (groupId, partition) = GroupRecords.ReadKey(record.Key);
        if (partition is { } of)
            GroupFor(groupId).Offsets.Replay(of, record.Value is null ? null : GroupRecords.ReadOffset(record.Value), producerId);
        else if (record.Value is not null)
            Restore(groupId, GroupRecords.ReadGroup(record.Value));
        else if (board.FindClassic(groupId) is { } group)
            End(group);
    }

    private void LoadConsumer(string groupId, CoordinatorRecord record)
    {
        // Cleaning may leave a tombstone of a group that nothing else tells of.
        if (record.Value is null && board.Groups.GetValueOrDefault(groupId) is not ConsumerGroup)
            return;
        var group = ConsumerFor(groupId);
        ConsumerGroupReplay.Apply(group, record);
        if (ConsumerGroupReplay.IsEndOfGroup(record))
            End(group);
    }

    /// <summary>Offsets outlive a group that changed its kind.</summary>
    private void End(Group group)
    {
        board.Groups.Remove(group.GroupId);
        if (!group.Offsets.IsEmpty)
            board.Groups[group.GroupId] = new ClassicGroup(group.GroupId, 0) { Offsets = group.Offsets };
    }

    private Group GroupFor(string groupId)
    {
        if (!board.Groups.TryGetValue(groupId, out var group))
            board.Groups[groupId] = group = new ClassicGroup(groupId, 0);
        return group;
    }

    private ConsumerGroup ConsumerFor(string groupId)
    {
        var former = board.Groups.GetValueOrDefault(groupId);
        if (former is ConsumerGroup known)
            return known;
        Invariant.Check(former is not ClassicGroup { ProtocolType: not null }, "a classic group has records of a consumer group");
        var group = new ConsumerGroup(groupId) { Offsets = former?.Offsets ?? new OffsetStore() };
        board.Groups[groupId] = group;
        return group;
    }

    private void Restore(string groupId, GroupMetadataValue stored)
    {
        Invariant.Check(GroupFor(groupId) is ClassicGroup, "a consumer group has records of a classic group");
        var group = (ClassicGroup)GroupFor(groupId);
        foreach (var member in group.Members.Values.ToArray())
            group.Remove(member);
        group.ProtocolType = stored.ProtocolType.Length == 0 ? null : stored.ProtocolType;
        group.ProtocolName = stored.Protocol;
        group.Generation = stored.Generation;
        foreach (var member in stored.Members)
            group.Add(GroupRecords.ToMember(member, stored.Protocol));
        group.Leader = stored.Leader;
        group.Restore(stored.CurrentStateTimestamp);
    }
}
