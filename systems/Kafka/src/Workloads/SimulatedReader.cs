using System.Text;
using Microcosm.Simulation;

namespace Microcosm.Kafka;

/// <summary>Reads one partition from its beginning, as a consumer without a group does.</summary>
internal sealed class SimulatedReader(SimulatedKafkaClient client, string topic, int partition)
{
    private const short FetchVersion = 12;
    private const short OffsetForLeaderEpochVersion = 4;
    private const int Bytes = 1 << 20;

    // Of the last batch that was read, and of the leader that has it for sure.
    private int _epoch = -1;
    private int _validEpoch = -1;

    /// <summary>isolation.level: only what was committed of transactions, and nothing behind one that is open.</summary>
    public bool IsReadCommitted { get; init; }

    /// <summary>Where it reads next.</summary>
    public long Position { get; set; }

    /// <summary>Reads once; the records that came, with their offsets, whether the broker answered at all, and whether nothing is known to
    /// follow. What was committed must not be out of range.</summary>
    public async ValueTask<(bool IsAnswered, bool IsAtEnd, IReadOnlyList<(long Offset, string Value)> Records)> ReadAsync(int maxWaitMs)
    {
        if (await client.LeaderAsync(topic, partition) is not { } at)
            return (false, false, []);
        if (_epoch >= 0 && at.LeaderEpoch != _validEpoch && !await IsValidAsync(at))
            return (false, false, []);
        var request = new FetchRequest
        {
            MaxWaitMs = maxWaitMs, MinBytes = 1, MaxBytes = Bytes, SessionEpoch = -1, IsolationLevel = (sbyte)(IsReadCommitted ? 1 : 0),
            Topics = [new() { Topic = topic, Partitions = [new()
                { Partition = partition, CurrentLeaderEpoch = at.LeaderEpoch, FetchOffset = Position, PartitionMaxBytes = Bytes }] }],
        };
        var response = await client.AskAsync<FetchRequest, FetchResponse>(at.LeaderId, request, FetchVersion);
        if (response?.Responses is not [{ Partitions: [var data] }])
            return (false, false, []);
        if ((KafkaError)data.ErrorCode == KafkaError.OffsetOutOfRange)
            throw new CheckFailedException("lost", $"offset {Position} of partition {partition} was committed and is out of range");
        if (data.ErrorCode != 0)
            return (false, false, []);
        var records = Take(data);
        return (true, records.Count == 0 && Position >= data.HighWatermark, records);
    }

    // Another leader has all that was read from the one before (KIP-320). False: it did not say.
    private async ValueTask<bool> IsValidAsync(MetadataResponse.MetadataResponsePartition at)
    {
        var request = new OffsetForLeaderEpochRequest
        {
            ReplicaId = -1,
            Topics = [new() { Topic = topic, Partitions =
                [new() { Partition = partition, CurrentLeaderEpoch = at.LeaderEpoch, LeaderEpoch = _epoch }] }],
        };
        var response = await client.AskAsync<OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse>(
            at.LeaderId, request, OffsetForLeaderEpochVersion);
        if (response?.Topics is not [{ Partitions: [{ ErrorCode: 0 } answer] }])
            return false;
        if (answer.LeaderEpoch < _epoch || answer.EndOffset < Position)
            throw new CheckFailedException("lost", $"partition {partition} was read up to {Position} in epoch {_epoch}, and "
                + $"kafka-{at.LeaderId} says that epoch {answer.LeaderEpoch} ended at {answer.EndOffset}");
        _validEpoch = at.LeaderEpoch;
        return true;
    }

    private List<(long Offset, string Value)> Take(FetchResponse.PartitionData data)
    {
        var records = new List<(long Offset, string Value)>();
        var aborted = new Queue<FetchResponse.AbortedTransaction>((data.AbortedTransactions ?? []).OrderBy(a => a.FirstOffset));
        var aborting = new HashSet<long>();
        for (var rest = data.Records ?? default; RecordBatch.TryRead(rest.Span, out var batch); rest = rest[batch.SizeBytes..])
        {
            while (aborted.TryPeek(out var next) && next.FirstOffset < batch.NextOffset)
                aborting.Add(aborted.Dequeue().ProducerId);
            if (batch.IsControl && EndTransactionMarker.Read(batch) is { IsCommit: false })
                aborting.Remove(batch.ProducerId);
            var isShown = !batch.IsControl && !(batch.IsTransactional && aborting.Contains(batch.ProducerId));
            using var reader = RecordReader.Open(batch);
            while (isShown && reader.TryRead(out var record))
            {
                if (record.Offset >= Position)
                    records.Add((record.Offset, Encoding.UTF8.GetString(record.Value)));
            }
            Position = Math.Max(Position, batch.NextOffset);
            _epoch = batch.LeaderEpoch;
        }
        return records;
    }
}
