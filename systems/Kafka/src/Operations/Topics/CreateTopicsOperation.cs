namespace Microcosm.Kafka;

/// <summary>CreateTopics: each topic is created whole or refused; the reply comes when this broker has them.</summary>
internal static class CreateTopicsOperation
{
    [KafkaOperation("CreateTopics", 19, 2, 7, FlexibleFrom = 5)]
    public static async ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<CreateTopicsRequest>();
        var broker = call.Broker;
        var twice = request.Topics.GroupBy(t => t.Name, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Key).ToHashSet();
        var refused = request.Topics.Select(t => t.Name).Where(n => !TopicCreation.IsAllowed(call, n)).ToHashSet();
        var wanted = request.Topics.Where(t => !twice.Contains(t.Name) && !refused.Contains(t.Name)).Select(t => Of(broker, t)).ToList();
        var late = wanted.Where(t => !request.ValidateOnly && !call.MayMutate(PartitionsOf(broker, t), strictFrom: 6)).ToHashSet();
        wanted.RemoveAll(late.Contains);
        var result = await TopicCreation.ProposeAsync(broker, wanted, request.ValidateOnly, TimeSpan.FromMilliseconds(request.TimeoutMs));
        var results = new Dictionary<string, MetadataResult>(StringComparer.Ordinal);
        for (var i = 0; i < wanted.Count; i++)
            results[wanted[i].Name] = result is MetadataResults parts ? parts.Parts[i] : result;
        foreach (var topic in late)
            results[topic.Name] = new MetadataResult(KafkaError.ThrottlingQuotaExceeded);
        foreach (var name in refused)
            results[name] = new MetadataResult(KafkaError.TopicAuthorizationFailed, "Authorization failed.");
        foreach (var name in twice)
            results[name] = new MetadataResult(KafkaError.InvalidRequest, "Duplicate topic name.");
        call.Reply(new CreateTopicsResponse
        {
            Topics = [.. results.Select(r => Answer(call, r.Key, r.Value, wanted.Find(w => w.Name == r.Key)))],
        });
    }

    private static int PartitionsOf(KafkaBroker broker, NewTopic topic) =>
        topic.Assignments.Count > 0 ? topic.Assignments.Count : topic.Partitions > 0 ? topic.Partitions : broker.Options.NumPartitions;

    private static NewTopic Of(KafkaBroker broker, CreateTopicsRequest.CreatableTopic topic) => new(
        topic.Name, broker.NewId(), topic.NumPartitions, topic.ReplicationFactor,
        [.. topic.Assignments.Select(a => (a.PartitionIndex, a.BrokerIds.ToArray()))],
        [.. topic.Configs.Select(c => (c.Name, c.Value))]);

    private static CreateTopicsResponse.CreatableTopicResult Answer(
        KafkaCall call, string name, MetadataResult result, NewTopic? wanted)
    {
        var answer = new CreateTopicsResponse.CreatableTopicResult
        {
            Name = name, ErrorCode = (short)result.Error, ErrorMessage = result.Text,
        };
        if (result.Error != KafkaError.None || !call.Broker.Cluster.Topics.TryGetValue(name, out var topic))
            return answer;
        if (call.CheckTopic(AclOperation.DescribeConfigs, name) is var refused && refused != KafkaError.None)
        {
            (answer.TopicId, answer.TopicConfigErrorCode) = (topic.Id, (short)refused);
            return answer;
        }
        (answer.TopicId, answer.NumPartitions) = (topic.Id, topic.Partitions.Count);
        answer.ReplicationFactor = (short)topic.Partitions[0].Replicas.Count;
        answer.Configs = [.. (wanted?.Configs ?? []).Select(c => new CreateTopicsResponse.CreatableTopicConfigs
            { Name = c.Name, Value = c.Value, ConfigSource = 1 })];
        return answer;
    }
}
