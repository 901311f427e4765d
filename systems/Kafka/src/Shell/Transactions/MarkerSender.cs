namespace Microcosm.Kafka;

/// <summary>
/// Brings the markers of this broker's coordinators to the leaders of their partitions, until all have them.
/// Invariants:
/// 1. A partition is reported only when its marker is committed there, or the partition is gone.
/// 2. An attempt is awaited before the next one for its partition, also over a reload of the shard: below EndTxn 5 the next transaction
///    has the same epoch, and a marker that came late would end it. An attempt whose connection broke comes no more: the reset takes
///    back what the other broker has not read.
/// </summary>
internal sealed class MarkerSender(KafkaBroker broker)
{
    private const short Version = 1;

    // Above what the other broker gives its replicas, so that a slow one answers.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(35);
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(50);

    private readonly BrokerLinks _links = new(broker, "markers");
    private readonly Dictionary<(CoordinatorSlot<TransactionShard> Slot, string TransactionalId), Task> _sending = [];

    /// <summary>Takes the markers that a coordinator wants written.</summary>
    public void Take(CoordinatorSlot<TransactionShard> slot)
    {
        var shard = slot.Shard;
        while (shard.TryTakeMarkers(out var markers))
            Begin(slot, shard, markers);
    }

    public void Stop() => _links.Close();

    // async void: a failure that nobody expects ends the node.
    private async void Begin(CoordinatorSlot<TransactionShard> slot, TransactionShard shard, TransactionMarkers markers)
    {
        var key = (slot, markers.TransactionalId);
        var sending = AfterAsync(_sending.GetValueOrDefault(key), () => SendAsync(slot, shard, markers, markers.Partitions));
        _sending[key] = sending;
        await sending;
        if (_sending.GetValueOrDefault(key) == sending)
            _sending.Remove(key);
    }

    private static async Task AfterAsync(Task? before, Func<Task> send)
    {
        if (before is not null)
            await before;
        await send();
    }

    private async Task SendAsync(
        CoordinatorSlot<TransactionShard> slot, TransactionShard shard, TransactionMarkers markers, IEnumerable<TopicPartition> partitions)
    {
        var left = partitions.ToHashSet();
        while (left.Count > 0 && slot.IsLoaded && slot.Shard == shard)
        {
            var leaders = left.GroupBy(LeaderOf).ToArray();
            if (leaders.Length > 1)
            {
                // None waits for another's leader.
                await Task.WhenAll(leaders.Select(g => SendAsync(slot, shard, markers, g)));
                return;
            }
            var results = await TryAsync(leaders[0].Key, markers, [.. left]);
            TopicPartition[] written = [.. results.Where(r => r.Error == KafkaError.None).Select(r => r.Partition)];
            // A later coordinator, or a later epoch, was there before: this one's word is over.
            left.ExceptWith(results.Where(r => r.Error is KafkaError.TransactionCoordinatorFenced or KafkaError.InvalidProducerEpoch)
                .Select(r => r.Partition));
            left.ExceptWith(written);
            if (written.Length > 0)
                slot.Run((_, nowMs) => shard.Ends.MarkersWritten(markers, written, nowMs));
            if (left.Count > 0)
                await Task.Delay(Retry, broker.Context.Clock);
        }
    }

    // Null: it is gone. It cannot be unknown here yet: the partition of __transaction_state got its leader later.
    private int? LeaderOf(TopicPartition name) =>
        broker.Cluster.Topics.TryGetValue(name.Topic, out var topic) && name.Partition < topic.Partitions.Count
            ? topic.Partitions[name.Partition].Leader : null;

    private async ValueTask<IReadOnlyList<(TopicPartition Partition, KafkaError Error)>> TryAsync(
        int? leader, TransactionMarkers markers, TopicPartition[] partitions)
    {
        if (leader is not { } id)
            return [.. partitions.Select(p => (p, KafkaError.None))];
        if (id < 0)
            return [];
        return id == broker.Id ? await WriteAsync(markers, partitions) : await AskAsync(id, markers, partitions);
    }

    private async ValueTask<IReadOnlyList<(TopicPartition Partition, KafkaError Error)>> WriteAsync(
        TransactionMarkers markers, TopicPartition[] partitions)
    {
        var marker = new EndTransactionMarker(markers.IsCommit, markers.CoordinatorEpoch);
        var writes = partitions.Select(async p =>
            (p, await MarkerWriter.WriteAsync(broker, p, markers.ProducerId, markers.ProducerEpoch, marker)));
        return await Task.WhenAll(writes);
    }

    private async ValueTask<IReadOnlyList<(TopicPartition Partition, KafkaError Error)>> AskAsync(
        int id, TransactionMarkers markers, TopicPartition[] partitions)
    {
        var request = new WriteTxnMarkersRequest
        {
            Markers =
            [
                new()
                {
                    ProducerId = markers.ProducerId, ProducerEpoch = markers.ProducerEpoch, TransactionResult = markers.IsCommit,
                    CoordinatorEpoch = markers.CoordinatorEpoch,
                    Topics = [.. partitions.GroupBy(p => p.Topic, p => p.Partition).Select(t =>
                        new WriteTxnMarkersRequest.WritableTxnMarkerTopic
                        { Name = t.Key, PartitionIndexes = [.. t] })],
                },
            ],
        };
        try
        {
            var response = await _links.To(id).CallAsync<WriteTxnMarkersRequest, WriteTxnMarkersResponse>(request, Version, Patience);
            return [.. response.Markers.SelectMany(m => m.Topics).SelectMany(t =>
                t.Partitions.Select(p => (new TopicPartition(t.Name, p.PartitionIndex), (KafkaError)p.ErrorCode)))];
        }
        catch (IOException)
        {
            return [];
        }
    }
}
