using Deleted = Microcosm.Kafka.OffsetDeleteResponse;

namespace Microcosm.Kafka;

/// <summary>OffsetDelete (KIP-496): a group forgets offsets of topics that its members do not read.</summary>
internal static class OffsetDelete
{
    [KafkaOperation("OffsetDelete", 47, 0, 0)]
    public static ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<OffsetDeleteRequest>();
        if (!call.May(AclOperation.Delete, AclResourceType.Group, request.GroupId))
            Refuse(call, KafkaError.GroupAuthorizationFailed);
        else if (request.GroupId.Length == 0)
            Refuse(call, KafkaError.InvalidGroupId);
        else if (call.Broker.Groups.Find(request.GroupId) is not { } slot)
            Refuse(call, KafkaError.NotCoordinator);
        else
            Delete(call, request, slot);
        return ValueTask.CompletedTask;
    }

    private static void Delete(KafkaCall call, OffsetDeleteRequest request, CoordinatorSlot<GroupShard> slot)
    {
        var errors = new Dictionary<TopicPartition, KafkaError>();
        foreach (var partition in request.Topics.SelectMany(t => t.Partitions.Select(p => new TopicPartition(t.Name, p.PartitionIndex))))
        {
            errors[partition] = !call.May(AclOperation.Read, AclResourceType.Topic, partition.Topic) ? KafkaError.TopicAuthorizationFailed
                : OffsetCommit.IsKnown(call.Broker.Cluster, partition) ? KafkaError.None : KafkaError.UnknownTopicOrPartition;
        }
        var known = errors.Where(e => e.Value == KafkaError.None).Select(e => e.Key).ToList();
        slot.Run((shard, _) => shard.Offsets.DeleteOffsets(request.GroupId, known, (error, results) =>
        {
            if (error != KafkaError.None)
            {
                Refuse(call, error);
                return;
            }
            foreach (var (partition, result) in known.Zip(results))
                errors[partition] = result;
            call.Reply(new Deleted { Topics = [.. request.Topics.Select(t => Answer(t, errors))] });
        }));
    }

    private static Deleted.OffsetDeleteResponseTopic Answer(
        OffsetDeleteRequest.OffsetDeleteRequestTopic topic, Dictionary<TopicPartition, KafkaError> errors) => new()
    {
        Name = topic.Name,
        Partitions = [.. topic.Partitions.Select(p => new Deleted.OffsetDeleteResponsePartition
            { PartitionIndex = p.PartitionIndex, ErrorCode = (short)errors[new TopicPartition(topic.Name, p.PartitionIndex)] })],
    };

    private static void Refuse(KafkaCall call, KafkaError error) => call.Reply(new Deleted { ErrorCode = (short)error });
}
