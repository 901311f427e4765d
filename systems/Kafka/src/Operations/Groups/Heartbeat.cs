namespace Microcosm.Kafka;

/// <summary>Heartbeat of a member of a classic group.</summary>
internal static class Heartbeat
{
    [KafkaOperation("Heartbeat", 12, 0, 4, FlexibleFrom = 4)]
    public static ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<HeartbeatRequest>();
        var refused = call.Check(AclOperation.Read, AclResourceType.Group, request.GroupId);
        var error = refused != KafkaError.None ? refused : KafkaError.NotCoordinator;
        var slot = refused == KafkaError.None ? call.Broker.Groups.Find(request.GroupId) : null;
        slot?.Run((shard, nowMs) => error = shard.Membership.Heartbeat(
            request.GroupId, request.GenerationId, request.MemberId, request.GroupInstanceId, nowMs));
        call.Reply(new HeartbeatResponse { ErrorCode = (short)error });
        return ValueTask.CompletedTask;
    }
}
