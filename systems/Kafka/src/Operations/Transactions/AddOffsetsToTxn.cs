namespace Microcosm.Kafka;

/// <summary>AddOffsetsToTxn: offsets of a group will be committed in the transaction, so its partition becomes a part.</summary>
internal static class AddOffsetsToTxn
{
    [KafkaOperation("AddOffsetsToTxn", 25, 0, 4, FlexibleFrom = 3)]
    public static async ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<AddOffsetsToTxnRequest>();
        var cluster = call.Broker.Cluster;
        if (!call.May(AclOperation.Write, AclResourceType.TransactionalId, request.TransactionalId))
        {
            Reply(call, KafkaError.TransactionalIdAuthorizationFailed);
            return;
        }
        if (!call.May(AclOperation.Read, AclResourceType.Group, request.GroupId))
        {
            Reply(call, KafkaError.GroupAuthorizationFailed);
            return;
        }
        // Clients may ask this before they look for the group's coordinator, who is there from then on.
        if (!cluster.Topics.ContainsKey(InternalTopics.ConsumerOffsets))
            await TopicCreation.CreateAsync(call.Broker, InternalTopics.ConsumerOffsets);
        if (!cluster.Topics.TryGetValue(InternalTopics.ConsumerOffsets, out var offsets))
        {
            Reply(call, KafkaError.CoordinatorNotAvailable);
            return;
        }
        if (call.Broker.Transactions.Find(request.TransactionalId) is not { } slot)
        {
            Reply(call, KafkaError.NotCoordinator);
            return;
        }
        var partition = new TopicPartition(
            InternalTopics.ConsumerOffsets, CoordinatorPartition.Of(request.GroupId, offsets.Partitions.Count));
        var added = new PartitionsToAdd(request.TransactionalId, request.ProducerId, request.ProducerEpoch, [partition]);
        slot.Run((shard, nowMs) => shard.Partitions.Add(added, nowMs, error => Reply(call, error)));
    }

    private static void Reply(KafkaCall call, KafkaError error) => call.Reply(new AddOffsetsToTxnResponse
        { ErrorCode = (short)FencedErrors.For<AddOffsetsToTxnRequest>(error, call.Version) });
}
