namespace Microcosm.Kafka;

/// <summary>One way of assigning that a member can do, with the member's subscription for it.</summary>
internal sealed record GroupProtocol(string Name, byte[] Metadata)
{
    public bool Equals(GroupProtocol? other) =>
        other is not null && Name == other.Name && Metadata.AsSpan().SequenceEqual(other.Metadata);

    public override int GetHashCode() => HashCode.Combine(Name, Metadata.Length);
}

/// <summary>
/// JoinGroup. <paramref name="RequiresKnownMemberId"/> is version 4 and above (KIP-394),
/// <paramref name="SkipsAssignment"/> is version 9 (KIP-814).
/// </summary>
internal sealed record GroupJoin(
    string GroupId, string MemberId, string? InstanceId, string ClientId, string ClientHost, int SessionTimeoutMs, int RebalanceTimeoutMs,
    string ProtocolType, IReadOnlyList<GroupProtocol> Protocols, bool RequiresKnownMemberId, bool SkipsAssignment);

internal sealed record JoinedMember(string MemberId, string? InstanceId, byte[] Metadata);

/// <summary>The answer to a join. The leader also gets the members; a refused one has only the error and its member id.</summary>
internal sealed record JoinResult(
    KafkaError Error, string MemberId, int GenerationId = -1, string? ProtocolType = null, string? ProtocolName = null, string Leader = "",
    bool SkipAssignment = false, IReadOnlyList<JoinedMember>? Members = null);

/// <summary>SyncGroup. Protocol type and name are null below version 5. Only the leader's assignments count.</summary>
internal sealed record GroupSync(
    string GroupId, int GenerationId, string MemberId, string? InstanceId, string? ProtocolType, string? ProtocolName,
    IReadOnlyDictionary<string, byte[]> Assignments);

internal sealed record SyncResult(KafkaError Error, string? ProtocolType, string? ProtocolName, byte[] Assignment);

/// <summary>Who leaves: a dynamic member by its id, a static one also by its instance alone.</summary>
internal sealed record LeavingMember(string MemberId, string? InstanceId);

/// <summary>An offset as committed. Times in ms; a leader epoch or expiry of -1 is none.</summary>
internal sealed record CommittedOffset(long Offset, int LeaderEpoch, string Metadata, long CommitTimestamp, long ExpireTimestamp = -1);

/// <summary>
/// OffsetCommit and TxnOffsetCommit (then with a producer id). Generation -1 without a member is a consumer that assigns itself. Of a
/// consumer group's member the generation is its epoch, and <paramref name="KnowsMemberEpochs"/> is OffsetCommit's version 9.
/// </summary>
internal sealed record GroupCommit(
    string GroupId, int GenerationId, string MemberId, string? InstanceId,
    IReadOnlyList<(TopicPartition Partition, CommittedOffset Offset)> Offsets,
    long ProducerId = -1, short ProducerEpoch = -1, bool KnowsMemberEpochs = false);

/// <summary>One fetched offset; offset -1 if nothing is committed.</summary>
internal readonly record struct FetchedOffset(TopicPartition Partition, long Offset, int LeaderEpoch, string Metadata, KafkaError Error);

internal sealed record GroupMemberDescription(
    string MemberId, string? InstanceId, string ClientId, string ClientHost, byte[] Metadata, byte[] Assignment);

/// <summary>A group as DescribeGroups and ListGroups show it; the type is classic or consumer.</summary>
internal sealed record GroupDescription(
    string GroupId, string State, string ProtocolType, string ProtocolName, IReadOnlyList<GroupMemberDescription> Members,
    string Type = "classic");
