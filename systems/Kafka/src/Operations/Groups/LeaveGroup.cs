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
        if (call.Check(AclOperation.Read, AclResourceType.Group, request.GroupId) is var refused && refused != KafkaError.None)
            Reply(call, leaving, refused, []);
        else if (call.Broker.Groups.Find(request.GroupId) is not { } slot)
            Reply(call, leaving, KafkaError.NotCoordinator, []);
        else
        {
            slot.Run((shard, nowMs) => shard.Membership.Leave(
                request.GroupId, leaving, nowMs, (error, members) => Reply(call, leaving, error, members)));
        }
        return ValueTask.CompletedTask;
    }

    private static void Reply(KafkaCall call, LeavingMember[] leaving, KafkaError error, IReadOnlyList<KafkaError> members)
    {
        if (call.Version < 3 && error == KafkaError.None)
            error = members[0];
        call.Reply(new LeaveGroupResponse
        {
            ErrorCode = (short)error,
            Members = call.Version < 3 || error != KafkaError.None ? []
                : [.. leaving.Zip(members).Select(m => new LeaveGroupResponse.MemberResponse
                { MemberId = m.First.MemberId, GroupInstanceId = m.First.InstanceId, ErrorCode = (short)m.Second })],
        });
    }
}
