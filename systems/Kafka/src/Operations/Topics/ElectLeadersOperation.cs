namespace Microcosm.Kafka;

/// <summary>ElectLeaders (KIP-460): makes preferred replicas lead again, or any live one where nobody leads.</summary>
internal static class ElectLeadersOperation
{
    private const sbyte Preferred = 0;
    private const sbyte Unclean = 1;

    [KafkaOperation("ElectLeaders", 43, 0, 2, FlexibleFrom = 2)]
    public static async ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<ElectLeadersRequest>();
        var type = call.Version == 0 ? Preferred : request.ElectionType;
        var isAll = request.TopicPartitions is null;
        TopicPartition[] wanted = isAll
            ? [.. call.Broker.Cluster.Topics.Values.SelectMany(t => t.Partitions.Select((_, i) => new TopicPartition(t.Name, i)))]
            : [.. request.TopicPartitions!.SelectMany(t => t.Partitions.Select(p => new TopicPartition(t.Topic, p)))];
        var refused = call.CheckCluster(AclOperation.Alter);
        var result = refused != KafkaError.None ? new MetadataResult(refused) : type is Preferred or Unclean
            ? await call.Broker.ProposeAsync(
                new ElectLeaders(type == Unclean, wanted), patience: TimeSpan.FromMilliseconds(request.TimeoutMs))
            : new MetadataResult(KafkaError.InvalidRequest);
        var error = result is MetadataResults ? KafkaError.None : result.Error;
        var results = wanted.Select((w, i) => (Partition: w, Result: result is MetadataResults parts ? parts.Parts[i] : result))
            // Whoever asks for all hears of those where something was to do.
            .Where(r => !isAll || r.Result.Error != KafkaError.ElectionNotNeeded);
        call.Reply(new ElectLeadersResponse
        {
            ErrorCode = call.Version >= 1 ? (short)error : (short)0,
            ReplicaElectionResults = [.. results.GroupBy(r => r.Partition.Topic).Select(t => new ElectLeadersResponse.ReplicaElectionResult
            {
                Topic = t.Key,
                PartitionResult = [.. t.Select(r => new ElectLeadersResponse.PartitionResult
                    { PartitionId = r.Partition.Partition, ErrorCode = (short)r.Result.Error, ErrorMessage = r.Result.Text })],
            })],
        });
    }
}
