namespace Microcosm.Kafka;

/// <summary>TxnOffsetCommit: a group's offsets, which hold if and when the transaction is committed (KIP-98, KIP-447).</summary>
internal static class TxnOffsetCommit
{
    // Whose clients know TRANSACTION_ABORTABLE, and whose group's partition is added by writing to it (transaction.version 2).
    private const short AbortableVersion = 4;
    private const short AddingVersion = 5;

    [KafkaOperation("TxnOffsetCommit", 28, 0, 5, FlexibleFrom = 3)]
    public static async ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<TxnOffsetCommitRequest>();
        var refused = !call.May(AclOperation.Write, AclResourceType.TransactionalId, request.TransactionalId)
            ? KafkaError.TransactionalIdAuthorizationFailed
            : !call.May(AclOperation.Read, AclResourceType.Group, request.GroupId) ? KafkaError.GroupAuthorizationFailed : KafkaError.None;
        var errors = request.Topics.SelectMany(t => t.Partitions.Select(p => new TopicPartition(t.Name, p.PartitionIndex))).Distinct()
            .ToDictionary(p => p, p => refused != KafkaError.None ? refused : RefusalOf(call, p));
        if (errors.ContainsValue(KafkaError.None))
            await CommitAsync(call, request, errors);
        Reply(call, request, errors);
    }

    private static KafkaError RefusalOf(KafkaCall call, TopicPartition partition) =>
        !call.May(AclOperation.Read, AclResourceType.Topic, partition.Topic) ? KafkaError.TopicAuthorizationFailed
        : OffsetCommit.IsKnown(call.Broker.Cluster, partition) ? KafkaError.None : KafkaError.UnknownTopicOrPartition;

    // Commits what is not refused, and puts in what came of it.
    private static async ValueTask CommitAsync(KafkaCall call, TxnOffsetCommitRequest request, Dictionary<TopicPartition,
        KafkaError> errors)
    {
        var timeMs = call.Broker.TimeMs;
        var commit = new GroupCommit(
            request.GroupId, request.GenerationId, request.MemberId, request.GroupInstanceId,
            [.. request.Topics.SelectMany(t => t.Partitions.Select(p => (new TopicPartition(t.Name, p.PartitionIndex), new CommittedOffset(
                p.CommittedOffset, p.CommittedLeaderEpoch, p.CommittedMetadata ?? "", timeMs))))
                .Where(o => errors[o.Item1] == KafkaError.None)],
            request.ProducerId, request.ProducerEpoch);
        var error = await VerifyAsync(call, request);
        if (error == KafkaError.None && call.Broker.Groups.Find(request.GroupId) is { } slot)
        {
            var done = new TaskCompletionSource<IReadOnlyList<KafkaError>>();
            slot.Run((shard, nowMs) => shard.Offsets.Commit(commit, nowMs, done.SetResult));
            foreach (var (offset, result) in commit.Offsets.Zip(await done.Task))
                errors[offset.Partition] = result;
            return;
        }
        foreach (var (partition, _) in commit.Offsets)
            errors[partition] = error == KafkaError.None ? KafkaError.NotCoordinator : error;
    }

    private static async ValueTask<KafkaError> VerifyAsync(KafkaCall call, TxnOffsetCommitRequest request)
    {
        var broker = call.Broker;
        if (request.ProducerId < 0 || request.ProducerEpoch < 0)
            return KafkaError.InvalidProducerIdMapping;
        if (request.GroupId.Length == 0)
            return KafkaError.InvalidGroupId;
        if (broker.Groups.Find(request.GroupId) is not { } slot
            || broker.Replicas.Find(new TopicPartition(InternalTopics.ConsumerOffsets, slot.Partition)) is not { } partition)
            return KafkaError.NotCoordinator;
        if (!slot.IsLoaded)
            return KafkaError.CoordinatorLoadInProgress;
        var error = await broker.Verifier.VerifyAsync(
            partition, request.TransactionalId, request.ProducerId, request.ProducerEpoch, call.Version >= AddingVersion);
        // A batch that the log refuses would end the whole coordinator, whose state is ahead of the log then.
        if (error == KafkaError.None && partition.Log?.Producers.Find(request.ProducerId)?.Epoch > request.ProducerEpoch)
            error = KafkaError.InvalidProducerEpoch;
        return error switch
        {
            KafkaError.ProducerFenced => KafkaError.InvalidProducerEpoch,
            KafkaError.TransactionAbortable when call.Version < AbortableVersion => KafkaError.InvalidTxnState,
            KafkaError.NetworkException => KafkaError.CoordinatorLoadInProgress,
            KafkaError.NotLeaderOrFollower or KafkaError.KafkaStorageError => KafkaError.NotCoordinator,
            _ => error,
        };
    }

    private static void Reply(KafkaCall call, TxnOffsetCommitRequest request, Dictionary<TopicPartition, KafkaError> errors) =>
        call.Reply(new TxnOffsetCommitResponse
        {
            Topics = [.. request.Topics.Select(t => new TxnOffsetCommitResponse.TxnOffsetCommitResponseTopic
            {
                Name = t.Name,
                Partitions = [.. t.Partitions.Select(p => new TxnOffsetCommitResponse.TxnOffsetCommitResponsePartition
                    { PartitionIndex = p.PartitionIndex, ErrorCode = (short)errors[new TopicPartition(t.Name, p.PartitionIndex)] })],
            })],
        });
}
