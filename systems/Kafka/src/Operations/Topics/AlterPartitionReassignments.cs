namespace Microcosm.Kafka;

/// <summary>AlterPartitionReassignments (KIP-455): moves partitions to other replicas, or stops moving them.</summary>
internal static class AlterPartitionReassignments
{
    [KafkaOperation("AlterPartitionReassignments", 45, 0, 0, FlexibleFrom = 0)]
    public static async ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<AlterPartitionReassignmentsRequest>();
        (TopicPartition, int[]?)[] wanted = [.. request.Topics.SelectMany(t => t.Partitions.Select(p =>
            (new TopicPartition(t.Name, p.PartitionIndex), p.Replicas?.ToArray())))];
        var refused = call.CheckCluster(AclOperation.Alter);
        var result = refused != KafkaError.None ? new MetadataResult(refused) : await call.Broker.ProposeAsync(
            new AlterReassignments(wanted), patience: TimeSpan.FromMilliseconds(request.TimeoutMs));
        var at = 0;
        var response = new AlterPartitionReassignmentsResponse { ErrorMessage = null };
        if (result is not MetadataResults)
            (response.ErrorCode, response.ErrorMessage) = ((short)result.Error, result.Text);
        foreach (var topic in request.Topics)
        {
            var answer = new AlterPartitionReassignmentsResponse.ReassignableTopicResponse { Name = topic.Name };
            foreach (var partition in topic.Partitions)
            {
                var one = result is MetadataResults parts ? parts.Parts[at++] : result;
                answer.Partitions.Add(new() { PartitionIndex = partition.PartitionIndex, ErrorCode = (short)one.Error, ErrorMessage =
                    one.Text });
            }
            response.Responses.Add(answer);
        }
        call.Reply(response);
    }
}
