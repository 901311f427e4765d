namespace Microcosm.Kafka;

/// <summary>ListTransactions (KIP-664): the transactional ids that are coordinated here, by state, producer and age.</summary>
internal static class ListTransactions
{
    [KafkaOperation("ListTransactions", 66, 0, 1, FlexibleFrom = 0)]
    public static ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<ListTransactionsRequest>();
        var filter = new TransactionFilter([.. request.StateFilters], [.. request.ProducerIdFilters], request.DurationFilter);
        TransactionList[] lists = [.. call.Broker.Transactions.Slots.Select(s => s.Shard.List(filter, call.Broker.TimeMs))];
        var error = lists.Select(l => l.Error).FirstOrDefault(e => e != KafkaError.None);
        var response = new ListTransactionsResponse
        {
            ErrorCode = (short)error,
            UnknownStateFilters = [.. request.StateFilters.Distinct().Where(s => !Enum.GetNames<TransactionState>().Contains(s))],
        };
        if (error == KafkaError.None)
        {
            response.TransactionStates = [.. lists.SelectMany(l => l.Transactions)
                .Where(t => call.May(AclOperation.Describe, AclResourceType.TransactionalId, t.TransactionalId))
                .Select(t => new ListTransactionsResponse.TransactionStateData
                    { TransactionalId = t.TransactionalId, ProducerId = t.ProducerId, TransactionState = t.State.ToString() })];
        }
        call.Reply(response);
        return ValueTask.CompletedTask;
    }
}
