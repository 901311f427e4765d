namespace Microcosm.Kafka;

/// <summary>DeleteRecords (KIP-107): hides what is below an offset; the reply comes when no live replica shows it any more.</summary>
internal static class DeleteRecords
{
    private const long HighWatermark = -1;

    [KafkaOperation("DeleteRecords", 21, 0, 2, FlexibleFrom = 2)]
    public static async ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<DeleteRecordsRequest>();
        var topics = request.Topics.Select(t => (t.Name, Deletions: t.Partitions
            .Select(p => DeleteAsync(call, new TopicPartition(t.Name, p.PartitionIndex), p.Offset,
                request.TimeoutMs)).ToArray())).ToArray();
        var response = new DeleteRecordsResponse();
        foreach (var (name, deletions) in topics)
            response.Topics.Add(new() { Name = name, Partitions = [.. await Task.WhenAll(deletions)] });
        call.Reply(response);
    }

    private static async Task<DeleteRecordsResponse.DeleteRecordsPartitionResult> DeleteAsync(
        KafkaCall call, TopicPartition name, long offset, int timeoutMs)
    {
        var (error, partition) = await PartitionOf.LeaderAsync(call, AclOperation.Delete, name);
        if (error != KafkaError.TopicAuthorizationFailed && InternalTopics.Contains(name.Topic))
            return Answer(KafkaError.InvalidTopicException);
        if (partition is not { Log: { } log, Leader: { } leader })
            return Answer(error);
        if (offset == HighWatermark)
            offset = leader.HighWatermark;
        if (!log.Settings.IsDeleted)
            return Answer(KafkaError.PolicyViolation);
        if (offset < 0 || offset > leader.HighWatermark)
            return Answer(KafkaError.OffsetOutOfRange);
        error = log.IncreaseLogStart(offset);
        if (error != KafkaError.None)
            return Answer(error);
        await log.CheckpointAsync();
        var isDone = await UntilAsync(call.Broker.Deadlines, partition, () => partition.Leader != leader || Low() >= offset, timeoutMs);
        return Answer(partition.Leader != leader ? KafkaError.NotLeaderOrFollower : isDone ? KafkaError.None : KafkaError.RequestTimedOut);

        long Low() => leader.Followers.Where(f => call.Broker.Cluster.Brokers.TryGetValue(f.Key, out var broker) && !broker.IsFenced)
            .Select(f => f.Value.LogStart).Append(log.LogStartOffset).Min();

        DeleteRecordsResponse.DeleteRecordsPartitionResult Answer(KafkaError result) => new()
        {
            PartitionIndex = name.Partition, ErrorCode = (short)result, LowWatermark = result == KafkaError.None
                ? partition!.Log!.LogStartOffset : -1,
        };
    }

    // Looked at whenever the partition moves; false if it did not come to hold in that time.
    private static async ValueTask<bool> UntilAsync(Deadlines deadlines, Partition partition, Func<bool> holds, long timeoutMs)
    {
        var held = new TaskCompletionSource<bool>();
        void Look()
        {
            if (holds())
                held.TrySetResult(true);
        }
        partition.Moved += Look;
        Look();
        var deadline = deadlines.Add(timeoutMs, () => held.TrySetResult(false));
        var result = await held.Task;
        deadline.Cancel();
        partition.Moved -= Look;
        return result;
    }
}
