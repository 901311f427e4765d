namespace Microcosm.Kafka;

/// <summary>DescribeTopicPartitions (KIP-966): topics in the order of their names, a limited number of partitions at a time.</summary>
internal static class DescribeTopicPartitions
{
    private const int LimitMax = 2_000;

    [KafkaOperation("DescribeTopicPartitions", 75, 0, 0, FlexibleFrom = 0)]
    public static ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<DescribeTopicPartitionsRequest>();
        var cluster = call.Broker.Cluster;
        var names = request.Topics.Count == 0 ? cluster.Topics.Keys.Where(n => call.May(AclOperation.Describe, AclResourceType.Topic, n))
            : request.Topics.Select(t => t.Name);
        var from = request.Cursor;
        if (from is { PartitionIndex: < 0 })
            throw new KafkaFormatException($"DescribeTopicPartitions begins at partition {from.PartitionIndex}.");
        var left = Math.Clamp(request.ResponsePartitionLimit, 1, LimitMax);
        var response = new DescribeTopicPartitionsResponse();
        foreach (var name in names.Distinct().Order(StringComparer.Ordinal).Where(n => from is null
            || string.CompareOrdinal(n, from.TopicName) >= 0))
        {
            if (call.CheckTopic(AclOperation.Describe, name) is var refused && refused != KafkaError.None)
            {
                response.Topics.Add(new() { Name = name, ErrorCode = (short)refused });
                continue;
            }
            if (!cluster.Topics.TryGetValue(name, out var topic))
            {
                response.Topics.Add(new() { Name = name, ErrorCode = (short)KafkaError.UnknownTopicOrPartition });
                continue;
            }
            var first = name == from?.TopicName ? Math.Min(from.PartitionIndex, topic.Partitions.Count) : 0;
            var count = Math.Min(left, topic.Partitions.Count - first);
            response.Topics.Add(new()
            {
                Name = name,
                TopicId = topic.Id,
                IsInternal = InternalTopics.Contains(name),
                TopicAuthorizedOperations = call.AllowedOperations(AclResourceType.Topic, name),
                Partitions = [.. Enumerable.Range(first, count).Select(i => Describe(call, topic, i))],
            });
            left -= count;
            if (first + count < topic.Partitions.Count)
            {
                response.NextCursor = new() { TopicName = name, PartitionIndex = first + count };
                break;
            }
        }
        call.Reply(response);
        return ValueTask.CompletedTask;
    }

    private static DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponsePartition Describe(KafkaCall call, TopicState topic,
        int index)
    {
        var as12 = Metadata.Describe(call, topic.Partitions[index], index);
        return new()
        {
            ErrorCode = as12.ErrorCode, PartitionIndex = index, LeaderId = as12.LeaderId, LeaderEpoch = as12.LeaderEpoch,
            ReplicaNodes = as12.ReplicaNodes, IsrNodes = as12.IsrNodes, OfflineReplicas = as12.OfflineReplicas,
        };
    }
}
