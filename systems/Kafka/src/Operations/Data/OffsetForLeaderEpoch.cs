namespace Microcosm.Kafka;

/// <summary>OffsetForLeaderEpoch (KIP-101, KIP-320): where an epoch ended in the leader's log.</summary>
internal static class OffsetForLeaderEpoch
{
    [KafkaOperation("OffsetForLeaderEpoch", 23, 2, 4, FlexibleFrom = 4)]
    public static async ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<OffsetForLeaderEpochRequest>();
        var response = new OffsetForLeaderEpochResponse();
        foreach (var topic in request.Topics)
        {
            var answers = new OffsetForLeaderEpochResponse.OffsetForLeaderTopicResult { Topic = topic.Topic };
            foreach (var wanted in topic.Partitions)
            {
                var (error, partition) = await PartitionOf.LeaderAsync(
                    call, AclOperation.Describe, new TopicPartition(topic.Topic, wanted.Partition), wanted.CurrentLeaderEpoch);
                // Not only what is committed: a new leader does not know yet that what a client has read is.
                var (epoch, end) = partition?.Log is { } log ? log.EndOffsetFor(wanted.LeaderEpoch) : (-1, -1);
                answers.Partitions.Add(
                    new() { Partition = wanted.Partition, ErrorCode = (short)error, LeaderEpoch = epoch, EndOffset = end });
            }
            response.Topics.Add(answers);
        }
        call.Reply(response);
    }
}
