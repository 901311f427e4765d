namespace Microcosm.Kafka;

/// <summary>DescribeProducers (KIP-664): who writes to a partition with sequence numbers, and what is open.</summary>
internal static class DescribeProducers
{
    [KafkaOperation("DescribeProducers", 61, 0, 0, FlexibleFrom = 0)]
    public static async ValueTask Execute(KafkaCall call)
    {
        var response = new DescribeProducersResponse();
        foreach (var topic in call.Read<DescribeProducersRequest>().Topics)
        {
            var answers = new DescribeProducersResponse.TopicResponse { Name = topic.Name };
            foreach (var index in topic.PartitionIndexes)
            {
                var (error, partition) = await PartitionOf.LeaderAsync(call, AclOperation.Read, new TopicPartition(topic.Name, index));
                answers.Partitions.Add(new()
                {
                    PartitionIndex = index,
                    ErrorCode = (short)error,
                    ErrorMessage = KafkaErrors.Message(error),
                    ActiveProducers = [.. (partition?.Log?.Producers.All ?? []).Select(p => new DescribeProducersResponse.ProducerState
                    {
                        ProducerId = p.ProducerId, ProducerEpoch = p.Epoch, LastSequence = p.LastSequence, LastTimestamp = p.LastTimestamp,
                        CoordinatorEpoch = p.CoordinatorEpoch, CurrentTxnStartOffset = p.TransactionFirstOffset ?? -1,
                    })],
                });
            }
            response.Topics.Add(answers);
        }
        call.Reply(response);
    }
}
