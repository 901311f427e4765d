namespace Microcosm.Kafka;

/// <summary>EndTxn: the transaction is decided; its markers follow. From version 5 on the reply has the epoch of the next one
/// (KIP-890).</summary>
internal static class EndTxn
{
    private const short BumpingVersion = 5;

    [KafkaOperation("EndTxn", 26, 0, 5, FlexibleFrom = 3)]
    public static ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<EndTxnRequest>();
        if (!call.May(AclOperation.Write, AclResourceType.TransactionalId, request.TransactionalId))
        {
            Reply(call, new ProducerResult(KafkaError.TransactionalIdAuthorizationFailed));
        }
        else if (call.Broker.Transactions.Find(request.TransactionalId) is not { } slot)
        {
            Reply(call, new ProducerResult(KafkaError.NotCoordinator));
        }
        else
        {
            var end = new TransactionEnd(
                request.TransactionalId, request.ProducerId, request.ProducerEpoch, request.Committed, call.Version >= BumpingVersion);
            slot.Run((shard, nowMs) => shard.Ends.End(end, nowMs, result => Reply(call, result)));
        }
        return ValueTask.CompletedTask;
    }

    private static void Reply(KafkaCall call, ProducerResult result) => call.Reply(new EndTxnResponse
    {
        ErrorCode = (short)FencedErrors.For<EndTxnRequest>(result.Error, call.Version),
        ProducerId = result.ProducerId,
        ProducerEpoch = result.ProducerEpoch,
    });
}
