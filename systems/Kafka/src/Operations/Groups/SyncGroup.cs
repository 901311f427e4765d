namespace Microcosm.Kafka;

/// <summary>SyncGroup: the leader brings the assignments of a generation, every member gets its own.</summary>
internal static class SyncGroup
{
    [KafkaOperation("SyncGroup", 14, 0, 5, FlexibleFrom = 4)]
    public static ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<SyncGroupRequest>();
        if (call.Check(AclOperation.Read, AclResourceType.Group, request.GroupId) is var refused && refused != KafkaError.None)
        {
            Reply(call, new SyncResult(refused, null, null, []));
            return ValueTask.CompletedTask;
        }
        // From version 5 on a member says which protocol it means (KIP-559).
        if (call.Version >= 5 && (request.ProtocolType is null || request.ProtocolName is null))
            Reply(call, new SyncResult(KafkaError.InconsistentGroupProtocol, null, null, []));
        else if (call.Broker.Groups.Find(request.GroupId) is not { } slot)
            Reply(call, new SyncResult(KafkaError.NotCoordinator, null, null, []));
        else
            slot.Run((shard, nowMs) => shard.Membership.Sync(Of(request), nowMs, result => Reply(call, result)));
        return ValueTask.CompletedTask;
    }

    private static GroupSync Of(SyncGroupRequest request)
    {
        var assignments = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var assignment in request.Assignments)
            assignments[assignment.MemberId] = assignment.Assignment.ToArray();
        return new GroupSync(request.GroupId, request.GenerationId, request.MemberId, request.GroupInstanceId, request.ProtocolType,
            request.ProtocolName, assignments);
    }

    private static void Reply(KafkaCall call, SyncResult result) => call.Reply(new SyncGroupResponse
    {
        ErrorCode = (short)result.Error, ProtocolType = result.ProtocolType, ProtocolName = result.ProtocolName, Assignment =
            result.Assignment,
    });
}
