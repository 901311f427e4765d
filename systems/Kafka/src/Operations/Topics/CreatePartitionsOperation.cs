namespace Microcosm.Kafka;

/// <summary>CreatePartitions: adds partitions to topics.</summary>
internal static class CreatePartitionsOperation
{
    [KafkaOperation("CreatePartitions", 37, 0, 3, FlexibleFrom = 2)]
    public static async ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<CreatePartitionsRequest>();
        var twice = request.Topics.GroupBy(t => t.Name, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Key).ToHashSet();
        var response = new CreatePartitionsResponse();
        foreach (var topic in request.Topics.DistinctBy(t => t.Name))
        {
            var result = twice.Contains(topic.Name) ? new MetadataResult(KafkaError.InvalidRequest, "Duplicate topic in request.")
                : call.CheckTopic(AclOperation.Alter, topic.Name) is var refused && refused != KafkaError.None ? new MetadataResult(refused)
                : !request.ValidateOnly && !call.MayMutate(Added(call, topic), strictFrom: 3)
                    ? new MetadataResult(KafkaError.ThrottlingQuotaExceeded)
                : await call.Broker.ProposeAsync(
                    new CreatePartitions(topic.Name, topic.Count, topic.Assignments?.Select(a => a.BrokerIds.ToArray()).ToList(),
                        call.Broker.Random.Next(int.MaxValue), request.ValidateOnly),
                    patience: TimeSpan.FromMilliseconds(request.TimeoutMs));
            response.Results.Add(new()
            {
                Name = topic.Name, ErrorCode = (short)result.Error,
                ErrorMessage = result.Text,
            });
        }
        call.Reply(response);
    }

    private static int Added(KafkaCall call, CreatePartitionsRequest.CreatePartitionsTopic topic) =>
        call.Broker.Cluster.Topics.TryGetValue(topic.Name, out var known) ? Math.Max(0, topic.Count - known.Partitions.Count) : 0;
}
