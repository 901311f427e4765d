namespace Microcosm.Kafka;

/// <summary>JoinGroup: a member of a classic group asks for its next generation; the reply comes when all have.</summary>
internal static class JoinGroup
{
    [KafkaOperation("JoinGroup", 11, 0, 9, FlexibleFrom = 6)]
    public static ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<JoinGroupRequest>();
        if (call.Check(AclOperation.Read, AclResourceType.Group, request.GroupId) is var refused && refused != KafkaError.None)
        {
            Reply(call, new JoinResult(refused, request.MemberId));
            return ValueTask.CompletedTask;
        }
        if (call.Broker.Groups.Find(request.GroupId) is not { } slot)
        {
            Reply(call, new JoinResult(KafkaError.NotCoordinator, request.MemberId));
            return ValueTask.CompletedTask;
        }
        var join = new GroupJoin(
            request.GroupId, request.MemberId, request.GroupInstanceId, call.ClientId, call.Client.ShownHost, request.SessionTimeoutMs,
            // Version 0 knows one time for both.
            call.Version == 0 ? request.SessionTimeoutMs : request.RebalanceTimeoutMs, request.ProtocolType,
            [.. request.Protocols.Select(p => new GroupProtocol(p.Name, p.Metadata.ToArray()))],
            RequiresKnownMemberId: call.Version >= 4, SkipsAssignment: call.Version >= 9);
        slot.Run((shard, nowMs) => shard.Joins.Join(join, nowMs, result => Reply(call, result)));
        return ValueTask.CompletedTask;
    }

    private static void Reply(KafkaCall call, JoinResult result) => call.Reply(new JoinGroupResponse
    {
        ErrorCode = (short)result.Error,
        GenerationId = result.GenerationId,
        ProtocolType = result.ProtocolType,
        // Null is for version 7 and above.
        ProtocolName = call.Version >= 7 ? result.ProtocolName : result.ProtocolName ?? "",
        Leader = result.Leader,
        SkipAssignment = call.Version >= 9 && result.SkipAssignment,
        MemberId = result.MemberId,
        Members = [.. (result.Members ?? []).Select(m => new JoinGroupResponse.JoinGroupResponseMember
            { MemberId = m.MemberId, GroupInstanceId = m.InstanceId, Metadata = m.Metadata })],
    });
}
