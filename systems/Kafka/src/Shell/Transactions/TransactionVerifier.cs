namespace Microcosm.Kafka;

/// <summary>
/// Asks a transaction's coordinator before the first record of the transaction is appended to a partition led here (KIP-890): what is
/// appended to a partition that is not in the transaction is ended by nobody.
/// Invariants: batches that wait for the same answer get it in the order they came; an answer does not hold over a marker or a change of
/// the leader.
/// </summary>
internal sealed class TransactionVerifier(KafkaBroker broker)
{
    private const short Version = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly BrokerLinks _links = new(broker, "transactions");
    private readonly Dictionary<(TopicPartition Name, string Id, long ProducerId, short Epoch), Queue<TaskCompletionSource<KafkaError>>>
        _waiting = [];

    public void Stop() => _links.Close();

    /// <summary>
    /// None: a batch may be appended now, before anything else is done. Else the coordinator's error, or NETWORK_EXCEPTION where it did
    /// not answer; INVALID_TXN_STATE where the transaction ended meanwhile.
    /// </summary>
    /// <param name="adds">The partition is added (transaction.version 2); else it must be in the transaction already.</param>
    public async ValueTask<KafkaError> VerifyAsync(Partition partition, string transactionalId, long producerId, short epoch, bool adds)
    {
        await partition.SettledAsync();
        if (partition.CheckLeader() is var error && error != KafkaError.None)
            return error;
        var (leader, producers) = (partition.Leader, partition.Log!.Producers);
        if (producers.HasOpenTransaction(producerId, epoch))
            return KafkaError.None;
        var ends = producers.Find(producerId)?.Ends ?? 0;
        error = await AskOnceAsync(partition.Name, transactionalId, producerId, epoch, adds);
        if (error != KafkaError.None)
            return error;
        if (partition.Leader is null || partition.Leader != leader)
            return KafkaError.NotLeaderOrFollower;
        return (producers.Find(producerId)?.Ends ?? 0) == ends ? KafkaError.None : KafkaError.InvalidTxnState;
    }

    private Task<KafkaError> AskOnceAsync(TopicPartition name, string transactionalId, long producerId, short epoch, bool adds)
    {
        var done = new TaskCompletionSource<KafkaError>();
        var key = (name, transactionalId, producerId, epoch);
        if (_waiting.TryGetValue(key, out var waiting))
        {
            waiting.Enqueue(done);
        }
        else
        {
            _waiting.Add(key, waiting = new([done]));
            Ask();
        }
        return done.Task;

        // async void: a failure that nobody expects ends the node.
        async void Ask()
        {
            var error = await AskAsync(new PartitionsToAdd(transactionalId, producerId, epoch, [name]), adds);
            _waiting.Remove(key);
            while (waiting.TryDequeue(out var first))
                first.SetResult(error);
        }
    }

    private async ValueTask<KafkaError> AskAsync(PartitionsToAdd asked, bool adds)
    {
        if (!broker.Cluster.Topics.TryGetValue(InternalTopics.TransactionState, out var topic))
            return KafkaError.CoordinatorNotAvailable;
        var leader = topic.Partitions[CoordinatorPartition.Of(asked.TransactionalId, topic.Partitions.Count)].Leader;
        if (leader < 0)
            return KafkaError.CoordinatorNotAvailable;
        return leader == broker.Id ? await AskHereAsync(asked, adds) : await AskAsync(leader, asked, adds);
    }

    private async ValueTask<KafkaError> AskHereAsync(PartitionsToAdd asked, bool adds)
    {
        if (broker.Transactions.Find(asked.TransactionalId) is not { } slot)
            return KafkaError.NotCoordinator;
        var done = new TaskCompletionSource<KafkaError>();
        slot.Run((shard, nowMs) =>
        {
            if (adds)
                shard.Partitions.Add(asked, nowMs, done.SetResult);
            else
                done.SetResult(shard.Partitions.Verify(asked)[0]);
        });
        return await done.Task;
    }

    private async ValueTask<KafkaError> AskAsync(int leader, PartitionsToAdd asked, bool adds)
    {
        var request = new AddPartitionsToTxnRequest
        {
            Transactions =
            [
                new()
                {
                    TransactionalId = asked.TransactionalId, ProducerId = asked.ProducerId, ProducerEpoch = asked.ProducerEpoch,
                    VerifyOnly = !adds,
                    Topics = [.. asked.Partitions.Select(p => new AddPartitionsToTxnRequest.AddPartitionsToTxnTopic
                        { Name = p.Topic, Partitions = [p.Partition] })],
                },
            ],
        };
        try
        {
            var response = await _links.To(leader).CallAsync<AddPartitionsToTxnRequest,
                AddPartitionsToTxnResponse>(request, Version, Patience);
            var error = (KafkaError)response.ErrorCode;
            return error != KafkaError.None ? error : (KafkaError)response.ResultsByTransaction
                .SelectMany(t => t.TopicResults).SelectMany(t => t.ResultsByPartition).Single().PartitionErrorCode;
        }
        catch (IOException)
        {
            return KafkaError.NetworkException;
        }
    }
}
