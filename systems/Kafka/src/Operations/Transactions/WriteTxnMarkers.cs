namespace Microcosm.Kafka;

/// <summary>
/// WriteTxnMarkers: a coordinator ends transactions in partitions that are led here. For brokers, and for administrators, who end one that
/// hangs (KIP-664).
/// </summary>
internal static class WriteTxnMarkers
{
    [KafkaOperation("WriteTxnMarkers", 27, 0, 1, FlexibleFrom = 1)]
    public static async ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<WriteTxnMarkersRequest>();
        var isAllowed = call.MayCluster(AclOperation.Alter) || call.MayCluster(AclOperation.ClusterAction);
        var writes = request.Markers.Select(m => m.Topics.Select(t => t.PartitionIndexes.Select(p =>
            isAllowed ? WriteAsync(call.Broker, m, new TopicPartition(t.Name, p)) : Task.FromResult(KafkaError.ClusterAuthorizationFailed))
            .ToArray()).ToArray()).ToArray();
        var response = new WriteTxnMarkersResponse();
        foreach (var (marker, ofTopics) in request.Markers.Zip(writes))
        {
            var result = new WriteTxnMarkersResponse.WritableTxnMarkerResult { ProducerId = marker.ProducerId };
            foreach (var (topic, ofPartitions) in marker.Topics.Zip(ofTopics))
            {
                var errors = await Task.WhenAll(ofPartitions);
                result.Topics.Add(new()
                {
                    Name = topic.Name,
                    Partitions = [.. topic.PartitionIndexes.Zip(errors, (p, e) =>
                        new WriteTxnMarkersResponse.WritableTxnMarkerPartitionResult { PartitionIndex = p, ErrorCode = (short)e })],
                });
            }
            response.Markers.Add(result);
        }
        call.Reply(response);
    }

    private static Task<KafkaError> WriteAsync(KafkaBroker broker, WriteTxnMarkersRequest.WritableTxnMarker marker,
        TopicPartition partition) =>
        MarkerWriter.WriteAsync(broker, partition, marker.ProducerId, marker.ProducerEpoch,
            new EndTransactionMarker(marker.TransactionResult, marker.CoordinatorEpoch)).AsTask();
}
