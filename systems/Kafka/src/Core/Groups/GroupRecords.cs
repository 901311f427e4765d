namespace Microcosm.Kafka;

/// <summary>
/// The records of __consumer_offsets, which are Kafka's own: offsets under OffsetCommitKey 1, groups under GroupMetadataKey 2. Our own log
/// is read here, so a record that is none is a bug and ends the node.
/// </summary>
internal static class GroupRecords
{
    private const short OffsetKeyVersion = 1;
    private const short GroupKeyVersion = 2;

    // The last one that is not flexible, as brokers before 4.0 read it; only version 1 has an expiry.
    private const short ValueVersion = 3;
    private const short ExpiringValueVersion = 1;

    public static CoordinatorRecord Offset(string groupId, TopicPartition partition, CommittedOffset offset)
    {
        var value = new OffsetCommitValue
        {
            Offset = offset.Offset,
            LeaderEpoch = offset.LeaderEpoch,
            Metadata = offset.Metadata,
            CommitTimestamp = offset.CommitTimestamp,
            ExpireTimestamp = offset.ExpireTimestamp,
        };
        var version = offset.ExpireTimestamp >= 0 ? ExpiringValueVersion : ValueVersion;
        return new CoordinatorRecord(OffsetKey(groupId, partition), MessageCodec.EncodeRecord(value, version));
    }

    public static CoordinatorRecord NoOffset(string groupId, TopicPartition partition) => new(OffsetKey(groupId, partition), null);

    public static CoordinatorRecord NoGroup(string groupId) => new(GroupKey(groupId), null);

    public static CoordinatorRecord Group(ClassicGroup group)
    {
        var value = new GroupMetadataValue
        {
            ProtocolType = group.ProtocolType ?? "",
            Generation = group.Generation,
            Protocol = group.ProtocolName,
            Leader = group.Leader,
            CurrentStateTimestamp = group.StateSinceMs,
            Members = [.. group.Members.Values.Select(member => new GroupMetadataValue.MemberMetadata
            {
                MemberId = member.MemberId,
                GroupInstanceId = member.InstanceId,
                ClientId = member.ClientId,
                ClientHost = member.ClientHost,
                RebalanceTimeout = member.RebalanceTimeoutMs,
                SessionTimeout = member.SessionTimeoutMs,
                Subscription = member.MetadataFor(group.ProtocolName),
                Assignment = member.Assignment,
            })],
        };
        return new CoordinatorRecord(GroupKey(group.GroupId), MessageCodec.EncodeRecord(value, ValueVersion));
    }

    /// <summary>Whose record it is: an offset's with a partition, a group's without.</summary>
    public static (string GroupId, TopicPartition? Partition) ReadKey(byte[] key)
    {
        if (MessageCodec.RecordVersion(key) == GroupKeyVersion)
            return (MessageCodec.DecodeRecord<GroupMetadataKey>(key).Group, null);
        var offset = MessageCodec.DecodeRecord<OffsetCommitKey>(key);
        return (offset.Group, new TopicPartition(offset.Topic, offset.Partition));
    }

    public static CommittedOffset ReadOffset(byte[] value)
    {
        var read = MessageCodec.DecodeRecord<OffsetCommitValue>(value);
        return new CommittedOffset(read.Offset, read.LeaderEpoch, read.Metadata, read.CommitTimestamp, read.ExpireTimestamp);
    }

    public static GroupMetadataValue ReadGroup(byte[] value) => MessageCodec.DecodeRecord<GroupMetadataValue>(value);

    /// <summary>A member as its group's record has it: with the one protocol that was chosen.</summary>
    public static ClassicMember ToMember(GroupMetadataValue.MemberMetadata stored, string? protocol) =>
        new(stored.MemberId, stored.GroupInstanceId)
        {
            ClientId = stored.ClientId,
            ClientHost = stored.ClientHost,
            SessionTimeoutMs = stored.SessionTimeout,
            RebalanceTimeoutMs = stored.RebalanceTimeout < 0 ? stored.SessionTimeout : stored.RebalanceTimeout,
            Protocols = [new GroupProtocol(protocol ?? "", stored.Subscription.ToArray())],
            Assignment = stored.Assignment.ToArray(),
            HasSynced = true,
        };

    private static byte[] OffsetKey(string groupId, TopicPartition partition) => MessageCodec.EncodeRecord(
        new OffsetCommitKey { Group = groupId, Topic = partition.Topic, Partition = partition.Partition }, OffsetKeyVersion);

    private static byte[] GroupKey(string groupId) =>
        MessageCodec.EncodeRecord(new GroupMetadataKey { Group = groupId }, GroupKeyVersion);
}
