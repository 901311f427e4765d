namespace Microcosm.Kafka;

/// <summary>FindCoordinator: the broker that coordinates a group or a transactional id. Their topic is created when it is first
/// needed.</summary>
internal static class FindCoordinator
{
    private const sbyte Group = 0;
    private const sbyte Transaction = 1;

    [KafkaOperation("FindCoordinator", 10, 0, 6, FlexibleFrom = 3)]
    public static async ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<FindCoordinatorRequest>();
        if (call.Version >= 4)
        {
            var response = new FindCoordinatorResponse();
            foreach (var key in request.CoordinatorKeys)
            {
                var (error, at) = await FindAsync(call, request.KeyType, key);
                response.Coordinators.Add(new()
                {
                    Key = key, NodeId = at?.Id ?? -1, Host = at?.Host ?? "", Port = at?.Port ?? -1, ErrorCode = (short)error,
                    ErrorMessage = KafkaErrors.Message(error),
                });
            }
            call.Reply(response);
        }
        else
        {
            var (error, at) = await FindAsync(call, request.KeyType, request.Key);
            call.Reply(new FindCoordinatorResponse
            {
                NodeId = at?.Id ?? -1, Host = at?.Host ?? "", Port = at?.Port ?? -1, ErrorCode = (short)error,
                ErrorMessage = KafkaErrors.Message(error),
            });
        }
    }

    private static async ValueTask<(KafkaError Error, (int Id, string Host, int Port)? At)> FindAsync(KafkaCall call, sbyte type,
        string key)
    {
        if (type is not (Group or Transaction))
            return (KafkaError.InvalidRequest, null);
        if (call.Check(AclOperation.Describe, type == Group ? AclResourceType.Group : AclResourceType.TransactionalId, key) is var refused
            && refused != KafkaError.None)
            return (refused, null);
        var name = type == Group ? InternalTopics.ConsumerOffsets : InternalTopics.TransactionState;
        var cluster = call.Broker.Cluster;
        if (!cluster.Topics.ContainsKey(name))
            await TopicCreation.CreateAsync(call.Broker, name);
        if (!cluster.Topics.TryGetValue(name, out var topic))
            return (KafkaError.CoordinatorNotAvailable, null);
        var leader = topic.Partitions[CoordinatorPartition.Of(key, topic.Partitions.Count)].Leader;
        if (!cluster.Brokers.TryGetValue(leader, out var broker) || broker.IsFenced
            || ClientEndpoints.Of(broker, call.Client.Listener) is not { } endpoint)
            return (KafkaError.CoordinatorNotAvailable, null);
        return (KafkaError.None, (leader, endpoint.Host, endpoint.Port));
    }
}
