namespace Microcosm.Kafka;

/// <summary>DeleteTopics, by name or (from version 6 on) by id.</summary>
internal static class DeleteTopicsOperation
{
    [KafkaOperation("DeleteTopics", 20, 1, 6, FlexibleFrom = 4)]
    public static async ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<DeleteTopicsRequest>();
        var cluster = call.Broker.Cluster;
        (string? Name, Guid Id)[] wanted = call.Version >= 6 ? [.. request.Topics.Select(t => (t.Name, t.TopicId))]
            : [.. request.TopicNames.Select(n => ((string?)n, Guid.Empty))];
        var answers = wanted.Select(w => Answer(call, w.Name, w.Id)).ToArray();
        foreach (var twice in answers.GroupBy(a => (a.Name, a.TopicId)).Where(g => g.Count() > 1).SelectMany(g => g))
            Fail(twice, KafkaError.InvalidRequest, "Duplicate topic name.");
        foreach (var late in answers.Where(a => a.ErrorCode == 0
            && !call.MayMutate(cluster.TopicsById[a.TopicId].Partitions.Count, strictFrom: 5)))
            Fail(late, KafkaError.ThrottlingQuotaExceeded, null);
        var deleted = answers.Where(a => a.ErrorCode == 0).ToArray();
        if (deleted.Length > 0)
        {
            var result = await call.Broker.ProposeAsync(
                new DeleteTopics([.. deleted.Select(a => a.TopicId)]), patience: TimeSpan.FromMilliseconds(request.TimeoutMs));
            for (var i = 0; i < deleted.Length; i++)
            {
                var one = result is MetadataResults parts ? parts.Parts[i] : result;
                Fail(deleted[i], one.Error, one.Message);
            }
        }
        call.Reply(new DeleteTopicsResponse { Responses = [.. answers] });
    }

    private static DeleteTopicsResponse.DeletableTopicResult Answer(KafkaCall call, string? name, Guid id)
    {
        var cluster = call.Broker.Cluster;
        var answer = new DeleteTopicsResponse.DeletableTopicResult { Name = name, TopicId = id };
        var topic = name is not null ? cluster.Topics.GetValueOrDefault(name) : cluster.TopicsById.GetValueOrDefault(id);
        if (!call.Broker.Options.DeleteTopicEnable)
            Fail(answer, call.Version < 3 ? KafkaError.InvalidRequest : KafkaError.TopicDeletionDisabled, null);
        else if (name is not null && id != Guid.Empty)
            Fail(answer, KafkaError.InvalidRequest, "You may not specify both topic name and topic id.");
        else if ((topic?.Name ?? name) is { } known && !(call.May(AclOperation.Describe, AclResourceType.Topic, known)
            && call.May(AclOperation.Delete, AclResourceType.Topic, known)))
            Fail(answer, KafkaError.TopicAuthorizationFailed, null);
        else if (topic is null)
            Fail(answer, name is null ? KafkaError.UnknownTopicId : KafkaError.UnknownTopicOrPartition, null);
        else
            (answer.Name, answer.TopicId) = (topic.Name, topic.Id);
        return answer;
    }

    private static void Fail(DeleteTopicsResponse.DeletableTopicResult answer, KafkaError error, string? message) =>
        (answer.ErrorCode, answer.ErrorMessage) = ((short)error, error == KafkaError.None ? null : message ?? KafkaErrors.Message(error));
}
