namespace Microcosm.Kafka;

/// <summary>What a request is about, for fault rules: the topic and partition that it names first (<c>orders-0</c>), a topic, a group, or a
/// transactional id.</summary>
internal static class CallTarget
{
    public static string Of(IKafkaCall call)
    {
        try
        {
            return call.Key switch
            {
                Produce.Key => call.Read<ProduceRequest>().TopicData is [{ PartitionData: [var partition, ..] } topic, ..]
                    ? $"{topic.Name}-{partition.Index}" : "",
                Fetch.Key => OfFetch(call, call.Read<FetchRequest>()),
                2 => call.Read<ListOffsetsRequest>().Topics is [{ Partitions: [var partition, ..] } topic, ..]
                    ? $"{topic.Name}-{partition.PartitionIndex}" : "",
                3 => call.Read<MetadataRequest>().Topics is [var topic, ..] ? topic.Name ?? "" : "",
                8 => call.Read<OffsetCommitRequest>().GroupId,
                9 => call.Read<OffsetFetchRequest>() is var fetch && fetch.Groups is [var group, ..] ? group.GroupId : fetch.GroupId,
                10 => call.Read<FindCoordinatorRequest>() is var find && find.CoordinatorKeys is [var key, ..] ? key : find.Key,
                11 => call.Read<JoinGroupRequest>().GroupId,
                12 => call.Read<HeartbeatRequest>().GroupId,
                13 => call.Read<LeaveGroupRequest>().GroupId,
                14 => call.Read<SyncGroupRequest>().GroupId,
                19 => call.Read<CreateTopicsRequest>().Topics is [var topic, ..] ? topic.Name : "",
                22 => call.Read<InitProducerIdRequest>().TransactionalId ?? "",
                25 => call.Read<AddOffsetsToTxnRequest>().TransactionalId,
                26 => call.Read<EndTxnRequest>().TransactionalId,
                28 => call.Read<TxnOffsetCommitRequest>().GroupId,
                68 => call.Read<ConsumerGroupHeartbeatRequest>().GroupId,
                _ => "",
            };
        }
        catch (KafkaFormatException e)
        {
            call.CannotTell(e.Message);
            return "";
        }
    }

    private static string OfFetch(IKafkaCall call, FetchRequest request) =>
        request.Topics is not [{ Partitions: [var partition, ..] } topic, ..] ? call.FirstOfSession(request)
        : $"{(call.Version < 13 ? topic.Topic : call.TopicOf(topic.TopicId))}-{partition.Partition}";
}
