namespace Microcosm.Kafka;

/// <summary>
/// AddPartitionsToTxn: up to version 3 a client adds partitions to its transaction, all or none; from 4 on a broker asks for several
/// transactions, to add a partition or to verify that it is in (KIP-890).
/// </summary>
internal static class AddPartitionsToTxn
{
    private const short BrokerVersion = 4;

    [KafkaOperation("AddPartitionsToTxn", 24, 0, 5, FlexibleFrom = 3)]
    public static async ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<AddPartitionsToTxnRequest>();
        if (call.Version < BrokerVersion)
        {
            var added = new PartitionsToAdd(request.V3AndBelowTransactionalId, request.V3AndBelowProducerId,
                request.V3AndBelowProducerEpoch,
                PartitionsOf(request.V3AndBelowTopics));
            var errors = await AnswerAsync(call, added, isVerifyOnly: false);
            call.Reply(new AddPartitionsToTxnResponse { ResultsByTopicV3AndBelow = ResultsOf(request.V3AndBelowTopics, errors) });
            return;
        }
        if (!call.MayCluster(AclOperation.ClusterAction))
        {
            call.Reply(new AddPartitionsToTxnResponse { ErrorCode = (short)KafkaError.ClusterAuthorizationFailed });
            return;
        }
        var answers = request.Transactions.Select(t => AnswerAsync(
            call, new PartitionsToAdd(t.TransactionalId, t.ProducerId, t.ProducerEpoch, PartitionsOf(t.Topics)), t.VerifyOnly)).ToArray();
        var response = new AddPartitionsToTxnResponse();
        foreach (var (transaction, answer) in request.Transactions.Zip(answers))
        {
            response.ResultsByTransaction.Add(new()
                { TransactionalId = transaction.TransactionalId, TopicResults = ResultsOf(transaction.Topics, await answer) });
        }
        call.Reply(response);
    }

    // One error a partition, in their order.
    private static async Task<IReadOnlyList<KafkaError>> AnswerAsync(KafkaCall call, PartitionsToAdd asked, bool isVerifyOnly)
    {
        var isClient = call.Version < BrokerVersion;
        if (isClient && !call.May(AclOperation.Write, AclResourceType.TransactionalId, asked.TransactionalId))
            return [.. asked.Partitions.Select(_ => KafkaError.TransactionalIdAuthorizationFailed)];
        KafkaError[] refused = [.. asked.Partitions.Select(p => RefusalOf(call, p, isClient))];
        if (refused.Any(e => e != KafkaError.None))
            return [.. refused.Select(e => e == KafkaError.None ? KafkaError.OperationNotAttempted : e)];
        if (call.Broker.Transactions.Find(asked.TransactionalId) is not { } slot)
            return [.. asked.Partitions.Select(_ => KafkaError.NotCoordinator)];
        var done = new TaskCompletionSource<IReadOnlyList<KafkaError>>();
        slot.Run((shard, nowMs) =>
        {
            if (isVerifyOnly)
                done.SetResult(shard.Partitions.Verify(asked));
            else
                shard.Partitions.Add(asked, nowMs, error =>
                    done.SetResult([.. asked.Partitions.Select(_ => FencedErrors.For<AddPartitionsToTxnRequest>(error, call.Version))]));
        });
        return await done.Task;
    }

    private static KafkaError RefusalOf(KafkaCall call, TopicPartition partition, bool isClient)
    {
        if (isClient && (InternalTopics.Contains(partition.Topic) || !call.May(AclOperation.Write, AclResourceType.Topic, partition.Topic)))
            return KafkaError.TopicAuthorizationFailed;
        return OffsetCommit.IsKnown(call.Broker.Cluster, partition) ? KafkaError.None : KafkaError.UnknownTopicOrPartition;
    }

    private static List<TopicPartition> PartitionsOf(IEnumerable<AddPartitionsToTxnRequest.AddPartitionsToTxnTopic> topics) =>
        [.. topics.SelectMany(t => t.Partitions.Select(p => new TopicPartition(t.Name, p)))];

    private static List<AddPartitionsToTxnResponse.AddPartitionsToTxnTopicResult> ResultsOf(
        IEnumerable<AddPartitionsToTxnRequest.AddPartitionsToTxnTopic> topics, IReadOnlyList<KafkaError> errors)
    {
        var at = 0;
        return [.. topics.Select(t => new AddPartitionsToTxnResponse.AddPartitionsToTxnTopicResult
        {
            Name = t.Name,
            ResultsByPartition = [.. t.Partitions.Select(p => new AddPartitionsToTxnResponse.AddPartitionsToTxnPartitionResult
                { PartitionIndex = p, PartitionErrorCode = (short)errors[at++] })],
        })];
    }
}
