namespace Microcosm.Kafka;

/// <summary>ListOffsets: the first offset, the last one that a client may read, or the first at or after a time.</summary>
internal static class ListOffsets
{
    private const long Latest = -1;
    private const long Earliest = -2;
    private const long MaxTimestamp = -3;
    private const long EarliestLocal = -4;
    private const long LatestTiered = -5;

    [KafkaOperation("ListOffsets", 2, 1, 10, FlexibleFrom = 6)]
    public static async ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<ListOffsetsRequest>();
        var response = new ListOffsetsResponse();
        foreach (var topic in request.Topics)
        {
            var answers = new ListOffsetsResponse.ListOffsetsTopicResponse { Name = topic.Name };
            foreach (var wanted in topic.Partitions)
                answers.Partitions.Add(await FindAsync(call, request, topic, wanted));
            response.Topics.Add(answers);
        }
        call.Reply(response);
    }

    private static async ValueTask<ListOffsetsResponse.ListOffsetsPartitionResponse> FindAsync(
        KafkaCall call, ListOffsetsRequest request, ListOffsetsRequest.ListOffsetsTopic topic,
            ListOffsetsRequest.ListOffsetsPartition wanted)
    {
        var answer = new ListOffsetsResponse.ListOffsetsPartitionResponse { PartitionIndex = wanted.PartitionIndex };
        if (topic.Partitions.Count(p => p.PartitionIndex == wanted.PartitionIndex) > 1)
        {
            answer.ErrorCode = (short)KafkaError.InvalidRequest;
            return answer;
        }
        var (error, partition) = await PartitionOf.LeaderAsync(
            call, AclOperation.Describe, new TopicPartition(topic.Name, wanted.PartitionIndex), wanted.CurrentLeaderEpoch);
        if (partition is not { Log: { } log, Leader: { } leader })
        {
            answer.ErrorCode = (short)error;
            return answer;
        }
        var end = request.IsolationLevel == 1 ? log.LastStableOffset : leader.HighWatermark;
        // A leader that is new does not know yet what is committed (KIP-207).
        if (wanted.Timestamp is not (Earliest or EarliestLocal) && leader.HighWatermark < leader.EpochStartOffset)
        {
            answer.ErrorCode = (short)(call.Version >= 5 ? KafkaError.OffsetNotAvailable : KafkaError.LeaderNotAvailable);
            return answer;
        }
        switch (wanted.Timestamp)
        {
            case Latest:
                (answer.Offset, answer.LeaderEpoch) = (end, EpochFrom4(leader.LeaderEpoch));
                break;
            case Earliest or EarliestLocal when wanted.Timestamp == Earliest || call.Version >= 8:
                (answer.Offset, answer.LeaderEpoch) = (log.LogStartOffset, EpochFrom4(log.Epochs.EpochAt(log.LogStartOffset)));
                break;
            case MaxTimestamp when call.Version >= 7:
                Found(log.OffsetForMaxTimestamp());
                break;
            case LatestTiered when call.Version >= 9:
                break;
            case < 0:
                answer.ErrorCode = (short)KafkaError.UnsupportedVersion;
                break;
            default:
                Found(log.OffsetForTimestamp(wanted.Timestamp));
                break;
        }
        return answer;

        int EpochFrom4(int epoch) => call.Version >= 4 ? epoch : -1;

        // What is not committed yet is not there.
        void Found((long Offset, long Timestamp, int Epoch) found)
        {
            if (found.Offset >= 0 && found.Offset < end)
                (answer.Offset, answer.Timestamp, answer.LeaderEpoch) = (found.Offset, found.Timestamp, EpochFrom4(found.Epoch));
        }
    }
}
