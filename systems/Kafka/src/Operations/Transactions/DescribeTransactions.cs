namespace Microcosm.Kafka;

/// <summary>DescribeTransactions (KIP-664): the state of transactional ids that are coordinated here.</summary>
internal static class DescribeTransactions
{
    [KafkaOperation("DescribeTransactions", 65, 0, 0, FlexibleFrom = 0)]
    public static ValueTask Execute(KafkaCall call)
    {
        call.Reply(new DescribeTransactionsResponse
        {
            TransactionStates = [.. call.Read<DescribeTransactionsRequest>().TransactionalIds.Select(id => Describe(call, id))],
        });
        return ValueTask.CompletedTask;
    }

    private static DescribeTransactionsResponse.TransactionStateData Describe(KafkaCall call, string transactionalId)
    {
        var (error, found) = (KafkaError.NotCoordinator, (TransactionDescription?)null);
        if (!call.May(AclOperation.Describe, AclResourceType.TransactionalId, transactionalId))
            error = KafkaError.TransactionalIdAuthorizationFailed;
        else if (call.Broker.Transactions.Find(transactionalId) is { } slot)
            (error, found) = slot.Shard.Describe(transactionalId);
        if (found is null)
            return new() { ErrorCode = (short)error, TransactionalId = transactionalId };
        return new()
        {
            TransactionalId = transactionalId,
            TransactionState = found.State.ToString(),
            TransactionTimeoutMs = found.TimeoutMs,
            TransactionStartTimeMs = found.StartMs,
            ProducerId = found.ProducerId,
            ProducerEpoch = found.ProducerEpoch,
            Topics = [.. found.Partitions.GroupBy(p => p.Topic, p => p.Partition)
                .Where(t => call.May(AclOperation.Describe, AclResourceType.Topic, t.Key))
                .Select(t => new DescribeTransactionsResponse.TopicData { Topic = t.Key, Partitions = [.. t] })],
        };
    }
}
