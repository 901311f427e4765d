namespace Microcosm.Kafka;

/// <summary>ConsumerGroupHeartbeat (KIP-848): how a member joins, stays in and leaves a consumer group, and is told what to read.</summary>
internal static class ConsumerGroupHeartbeat
{
    [KafkaOperation("ConsumerGroupHeartbeat", 68, 0, 1, FlexibleFrom = 0)]
    public static ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<ConsumerGroupHeartbeatRequest>();
        if (!call.May(AclOperation.Read, AclResourceType.Group, request.GroupId))
            Refuse(call, KafkaError.GroupAuthorizationFailed);
        else if (request.SubscribedTopicNames?.Exists(t => !call.May(AclOperation.Describe, AclResourceType.Topic, t)) == true)
            Refuse(call, KafkaError.TopicAuthorizationFailed);
        else if (!GroupSettings.ServesConsumerGroups(call.Broker.Options))
            Refuse(call, KafkaError.UnsupportedVersion);
        else if (call.Broker.Groups.Find(request.GroupId) is not { } slot)
            Refuse(call, KafkaError.NotCoordinator);
        else
        {
            slot.Run((shard, nowMs) => shard.Consumers.Heartbeat(
                request, call.Version, call.ClientId, call.Client.ShownHost, nowMs, call.Reply,
                topic => call.May(AclOperation.Describe, AclResourceType.Topic, topic)));
        }
        return ValueTask.CompletedTask;
    }

    private static void Refuse(KafkaCall call, KafkaError error) => call.Reply(
        new ConsumerGroupHeartbeatResponse { ErrorCode = (short)error, ErrorMessage = KafkaErrors.Message(error) });
}
