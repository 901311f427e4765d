namespace Microcosm.Kafka;

/// <summary>
/// Produce: batches are appended as they came. With acks=all the reply comes when they are durable on all replicas in sync, with acks=1
/// when the leader has them in its page cache, with acks=0 never: an error then closes the connection.
/// </summary>
internal static class Produce
{
    public const short Key = 0;

    [KafkaOperation("Produce", Key, 3, 12, FlexibleFrom = 9)]
    public static async ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<ProduceRequest>();
        call.Use(ClientQuotaType.Produce, call.RequestBytes);
        var topics = request.TopicData.Select(t => (t.Name,
            Appends: t.PartitionData.Select(p => (p.Index, Append: AppendAsync(call, request, t.Name, p).AsTask())).ToArray())).ToArray();
        if (request.Acks == 0)
        {
            // Only what waits for its log to open is not done yet.
            var infos = await Task.WhenAll(topics.SelectMany(t => t.Appends.Select(a => a.Append)));
            if (infos.Any(i => i.Error != KafkaError.None))
                call.Client.Close();
            else
                call.NoReply();
            return;
        }
        var response = new ProduceResponse();
        foreach (var (name, appends) in topics)
        {
            var topic = new ProduceResponse.TopicProduceResponse { Name = name };
            foreach (var (index, append) in appends)
                topic.PartitionResponses.Add(Answer(call, new TopicPartition(name, index), await append));
            response.Responses.Add(topic);
        }
        Leaders.Add(call, response);
        call.Reply(response);
    }

    private static async ValueTask<AppendInfo> AppendAsync(
        KafkaCall call, ProduceRequest request, string topic, ProduceRequest.PartitionProduceData data)
    {
        if (request.TransactionalId is { } id && call.Check(AclOperation.Write, AclResourceType.TransactionalId, id) is var noId
            && noId != KafkaError.None)
            return new AppendInfo(noId);
        if (call.CheckTopic(AclOperation.Write, topic) is var refused && refused != KafkaError.None)
            return new AppendInfo(refused);
        if (request.Acks is not (-1 or 0 or 1))
            return new AppendInfo(KafkaError.InvalidRequiredAcks);
        if (InternalTopics.Contains(topic))
            return new AppendInfo(KafkaError.InvalidTopicException);
        if (call.Broker.Replicas.Find(new TopicPartition(topic, data.Index)) is not { } partition)
        {
            return new AppendInfo(call.Broker.Cluster.Topics.TryGetValue(topic, out var known) && data.Index >= 0
                && data.Index < known.Partitions.Count ? KafkaError.NotLeaderOrFollower : KafkaError.UnknownTopicOrPartition);
        }
        if (await TransactionalProduce.CheckAsync(call, request.TransactionalId, partition, data.Records ?? default) is { } unverified)
            return unverified;
        return await partition.AppendAsync(data.Records ?? default, request.Acks, request.TimeoutMs, AppendOrigin.Client);
    }

    private static ProduceResponse.PartitionProduceResponse Answer(KafkaCall call, TopicPartition name, AppendInfo info)
    {
        var answer = new ProduceResponse.PartitionProduceResponse
        {
            Index = name.Partition,
            ErrorCode = (short)info.Error,
            BaseOffset = info.FirstOffset,
            LogAppendTimeMs = info.LogAppendTimeMs,
            LogStartOffset = info.Error == KafkaError.None ? call.Broker.Replicas.Find(name)?.Log?.LogStartOffset ?? -1 : -1,
            ErrorMessage = info.ErrorMessage,
            RecordErrors = [.. info.RecordErrors.Select(e => new ProduceResponse.BatchIndexAndErrorMessage
                { BatchIndex = e.BatchIndex, BatchIndexErrorMessage = e.Message })],
        };
        if (call.Version >= 10 && info.Error == KafkaError.NotLeaderOrFollower
            && call.Broker.Cluster.Topics.TryGetValue(name.Topic, out var topic))
        {
            var state = topic.Partitions[name.Partition];
            answer.CurrentLeader = new() { LeaderId = state.Leader, LeaderEpoch = state.LeaderEpoch };
        }
        return answer;
    }
}
