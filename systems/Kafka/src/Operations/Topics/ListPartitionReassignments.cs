namespace Microcosm.Kafka;

/// <summary>ListPartitionReassignments (KIP-455): what is being moved.</summary>
internal static class ListPartitionReassignments
{
    [KafkaOperation("ListPartitionReassignments", 46, 0, 0, FlexibleFrom = 0)]
    public static ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<ListPartitionReassignmentsRequest>();
        var wanted = request.Topics?.SelectMany(t => t.PartitionIndexes.Select(p => new TopicPartition(t.Name, p))).ToHashSet();
        var response = new ListPartitionReassignmentsResponse { ErrorMessage = null };
        if (call.CheckCluster(AclOperation.Describe) is var refused && refused != KafkaError.None)
            (response.ErrorCode, response.ErrorMessage) = ((short)refused, KafkaErrors.Message(refused));
        foreach (var topic in call.Broker.Cluster.Topics.Values.Where(_ => refused == KafkaError.None))
        {
            var moving = topic.Partitions.Select((State, Index) => (State, Index))
                .Where(p => p.State.IsReassigning && wanted?.Contains(new TopicPartition(topic.Name, p.Index)) != false)
                .Select(p => new ListPartitionReassignmentsResponse.OngoingPartitionReassignment
                {
                    PartitionIndex = p.Index, Replicas = [.. p.State.Replicas], AddingReplicas = [.. p.State.AddingReplicas],
                    RemovingReplicas = [.. p.State.RemovingReplicas],
                }).ToList();
            if (moving.Count > 0)
                response.Topics.Add(new() { Name = topic.Name, Partitions = moving });
        }
        call.Reply(response);
        return ValueTask.CompletedTask;
    }
}
