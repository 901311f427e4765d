namespace Microcosm.Kafka;

/// <summary>LeaveGroup: members go at once, and the others need not wait out their sessions (KIP-345: several, static ones by
/// their instance).</summary>
internal static class LeaveGroup
{
    [KafkaOperation("LeaveGroup", 13, 0, 5, FlexibleFrom = 4)]
    public static ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<LeaveGroupRequest>();
        LeavingMember[] leaving = call.Version >= 3 ? [.. request.Members.Select(m => new LeavingMember(m.MemberId, m.GroupInstanceId))]
            : [new LeavingMember(request.MemberId, null)];
        var refused = call.Check(AclOperation.Read, AclResourceType.Group, request.GroupId);
        var error = refused != KafkaError.None ? refused : KafkaError.NotCoordinator;
        IReadOnlyList<KafkaError> members = [];
        var slot = refused == KafkaError.None ? call.Broker.Groups.Find(request.GroupId) : null;
        slot?.Run((shard, nowMs) =>
            (error, members) = shard.Membership.Leave(request.GroupId, leaving, nowMs));
        if (call.Version < 3 && error == KafkaError.None)
            error = members[0];
        call.Reply(new LeaveGroupResponse
        {
            ErrorCode = (short)error,
            Members = call.Version < 3 || error != KafkaError.None ? []
                : [.. leaving.Zip(members).Select(m => new LeaveGroupResponse.MemberResponse
                { MemberId = m.First.MemberId, GroupInstanceId = m.First.InstanceId, ErrorCode = (short)m.Second })],
        });
        return ValueTask.CompletedTask;
    }
}
