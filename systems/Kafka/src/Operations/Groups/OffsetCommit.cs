namespace Microcosm.Kafka;

/// <summary>OffsetCommit: the reply comes when the offsets are committed in <c>__consumer_offsets</c>.</summary>
internal static class OffsetCommit
{
    [KafkaOperation("OffsetCommit", 8, 2, 9, FlexibleFrom = 8)]
    public static ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<OffsetCommitRequest>();
        if (call.Check(AclOperation.Read, AclResourceType.Group, request.GroupId) is var refused && refused != KafkaError.None)
        {
            Reply(call, request, _ => refused);
            return ValueTask.CompletedTask;
        }
        var timeMs = call.Broker.TimeMs;
        var all = request.Topics.SelectMany(t =>
            t.Partitions.Select(p => (Partition: new TopicPartition(t.Name, p.PartitionIndex), p))).ToList();
        var known = all.Where(o => RefusalOf(call, o.Partition) == KafkaError.None).ToList();
        var errors = new Dictionary<TopicPartition, KafkaError>();
        // Who commits nothing that exists is not told whether its coordinator is here.
        if (known.Count == 0 || call.Broker.Groups.Find(request.GroupId) is not { } slot)
        {
            Reply(call, request, p => RefusalOf(call, p) is var why && why != KafkaError.None ? why : KafkaError.NotCoordinator);
            return ValueTask.CompletedTask;
        }
        var commit = new GroupCommit(
            request.GroupId, request.GenerationIdOrMemberEpoch, request.MemberId, request.GroupInstanceId,
            [.. known.Select(o => (o.Partition, new CommittedOffset(
                o.p.CommittedOffset, o.p.CommittedLeaderEpoch, o.p.CommittedMetadata ?? "", timeMs,
                request.RetentionTimeMs >= 0 ? timeMs + request.RetentionTimeMs : -1)))],
            // Of a consumer group it is an epoch from version 9 on; what comes in an older version is refused there.
            KnowsMemberEpochs: call.Version >= 9);
        slot.Run((shard, nowMs) => shard.Offsets.Commit(commit, nowMs, results =>
        {
            foreach (var (offset, error) in commit.Offsets.Zip(results))
                errors[offset.Partition] = error;
            Reply(call, request, p => errors.TryGetValue(p, out var error) ? error : RefusalOf(call, p));
        }));
        return ValueTask.CompletedTask;
    }

    public static bool IsKnown(ClusterState cluster, TopicPartition partition) =>
        cluster.Topics.TryGetValue(partition.Topic, out var topic) && partition.Partition >= 0
            && partition.Partition < topic.Partitions.Count;

    private static KafkaError RefusalOf(KafkaCall call, TopicPartition partition) =>
        call.CheckTopic(AclOperation.Read, partition.Topic) is var refused && refused != KafkaError.None ? refused
        : IsKnown(call.Broker.Cluster, partition) ? KafkaError.None : KafkaError.UnknownTopicOrPartition;

    private static void Reply(KafkaCall call, OffsetCommitRequest request, Func<TopicPartition, KafkaError> errorOf) =>
        call.Reply(new OffsetCommitResponse
        {
            Topics = [.. request.Topics.Select(t => new OffsetCommitResponse.OffsetCommitResponseTopic
            {
                Name = t.Name,
                Partitions = [.. t.Partitions.Select(p => new OffsetCommitResponse.OffsetCommitResponsePartition
                    { PartitionIndex = p.PartitionIndex, ErrorCode = (short)errorOf(new TopicPartition(t.Name, p.PartitionIndex)) })],
            })],
        });
}
