namespace Microcosm.Kafka;

/// <summary>InitProducerId: an id for an idempotent producer; with a transactional id, its coordinator's, which fences who had
/// it.</summary>
internal static class InitProducerId
{
    [KafkaOperation("InitProducerId", 22, 0, 5, FlexibleFrom = 2)]
    public static async ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<InitProducerIdRequest>();
        if (request.TransactionalId is { } transactionalId)
        {
            await InitAsync(call, request, transactionalId);
            return;
        }
        if (!call.MayCluster(AclOperation.IdempotentWrite) && !call.MaySome(AclOperation.Write, AclResourceType.Topic))
        {
            Reply(call, new ProducerResult(KafkaError.ClusterAuthorizationFailed));
            return;
        }
        var (error, id) = await call.Broker.ProducerIds.TakeAsync();
        Reply(call, error == KafkaError.None ? new ProducerResult(error, id, 0) : new ProducerResult(error));
    }

    private static async ValueTask InitAsync(KafkaCall call, InitProducerIdRequest request, string transactionalId)
    {
        if (!call.May(AclOperation.Write, AclResourceType.TransactionalId, transactionalId))
        {
            Reply(call, new ProducerResult(KafkaError.TransactionalIdAuthorizationFailed));
            return;
        }
        await call.Broker.ProducerIds.ReadyAsync();
        if (call.Broker.Transactions.Find(transactionalId) is not { } slot)
        {
            Reply(call, new ProducerResult(KafkaError.NotCoordinator));
            return;
        }
        var init = new ProducerInit(transactionalId, request.TransactionTimeoutMs, request.ProducerId, request.ProducerEpoch);
        slot.Run((shard, nowMs) => shard.Inits.Init(init, nowMs, result => Reply(call, result)));
    }

    private static void Reply(KafkaCall call, ProducerResult result) => call.Reply(new InitProducerIdResponse
    {
        ErrorCode = (short)FencedErrors.For<InitProducerIdRequest>(result.Error, call.Version),
        ProducerId = result.ProducerId,
        ProducerEpoch = result.ProducerEpoch,
    });
}
