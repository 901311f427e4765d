using System.Text;
using Microcosm.Kafka.Tests.Storage;
using Microcosm.Runtime;

namespace Microcosm.Kafka.Tests.Sim;

/// <summary>
/// What a compacted log was told. A reader of committed data that reads all of it must always end up with what a dictionary has that was
/// told the same records up to the log's end.
/// </summary>
internal sealed class CleanerModel(RandomStream random)
{
    // Producers: 0 is none, 1 is idempotent.
    private const long Transactional = 2;

    private readonly List<Told> _told = [];

    /// <summary>What is below it is acknowledged.</summary>
    public long SyncedEnd { get; set; }

    /// <summary>A high watermark that a cleaning has relied on: nothing is cut below it.</summary>
    public long Stable { get; set; }

    /// <summary>Time goes on, so that tombstones may go.</summary>
    public bool HasHorizonPassed { get; } = random.Chance(0.5);

    /// <summary>Settings under which there is much to clean.</summary>
    public static LogSettings Settings(RandomStream random) => new()
    {
        IsCompacted = true, IsDeleted = false, MinCleanableDirtyRatio = 0, SegmentBytes = 400 + random.Next(800),
        IndexIntervalBytes = random.Next(200), DeleteRetentionMs = 1_000, ProducerIdExpirationMs = long.MaxValue,
        CheckpointBytes = 1 + random.Next(4_000), CleanerKeysMax = random.Chance(0.3) ? 3 : 1_000, RetentionMs = -1,
    };

    /// <summary>Holds a log that was opened again against this, and goes on from it.</summary>
    public void Reopened(PartitionLog log)
    {
        Check(log);
        (SyncedEnd, Stable) = (log.LogEndOffset, Math.Min(Stable, log.LogEndOffset));
        Cut(log.LogEndOffset);
    }

    /// <summary>What is from here on was cut.</summary>
    public void Cut(long offset) => _told.RemoveAll(r => r.Offset >= offset);

    public void Append(PartitionLog log)
    {
        var producer = random.Next(3);
        var state = log.Producers.Find(producer);
        var isOpen = state?.TransactionFirstOffset is not null;
        var first = log.LogEndOffset;
        AppendInfo info;
        if (isOpen && random.Chance(0.5))
        {
            var isCommit = random.Chance(0.5);
            _told.Add(new Told(first, null, null, false, isCommit));
            info = log.AppendAsLeader(Batch.Marker(producer, state!.Epoch, isCommit), 0, AppendOrigin.Coordinator);
        }
        else
        {
            var records = Enumerable.Range(0, 1 + random.Next(3)).Select(_ => $"k{random.Next(6)}").ToArray();
            for (var i = 0; i < records.Length; i++)
            {
                var value = random.Chance(0.3) ? null : $"{random.Next(10_000)}";
                _told.Add(new Told(first + i, records[i], value, producer == Transactional, null));
                records[i] += value is null ? "" : $"={value}";
            }
            var builder = producer == 0 ? new RecordBatchBuilder() : new RecordBatchBuilder
            {
                ProducerId = producer, BaseSequence = RecordBatch.AddSequence(state?.LastSequence ?? -1, 1), ProducerEpoch = 0,
                IsTransactional = producer == Transactional, Compression = (CompressionType)random.Next(5),
            };
            info = log.AppendAsLeader(Batch.Keyed(builder, 1, records), 0, AppendOrigin.Client);
        }
        if (info.Error == KafkaError.KafkaStorageError)
            throw new IOException("the log refuses");
        Hold(info.Error == KafkaError.None && info.FirstOffset == first, $"an append is refused: {info.Error} {info.ErrorMessage}");
    }

    public void Check(PartitionLog log)
    {
        var end = log.LogEndOffset;
        Hold(end >= SyncedEnd && end <= (_told.Count == 0 ? 0 : _told[^1].Offset + 1), $"it ends at {end}, {SyncedEnd} was acknowledged");
        var told = _told.Where(r => r.Offset < end).ToList();
        var expected = Fold(told);
        var found = ReadCommitted(log, out var offsets);
        Hold(Text(found) == Text(expected), $"a reader has {Text(found)}, not {Text(expected)}");
        foreach (var (key, (offset, value)) in expected)
        {
            var mayGo = HasHorizonPassed || value is not null;
            Hold(mayGo || offsets.Contains(offset), $"the tombstone of {key} at {offset} is gone too early");
        }
        var last = told.Count(r => r.IsTransactional) - 1;
        var producer = log.Producers.Find(Transactional);
        Hold((producer?.LastSequence ?? -1) == last, $"the producer is at {producer?.LastSequence}, not {last}");
    }

    // As a consumer with read_committed does: it drops batches of producers that are in an aborted transaction.
    private static Dictionary<string, (long Offset, string? Value)> ReadCommitted(PartitionLog log, out HashSet<long> offsets)
    {
        Dictionary<string, (long, string?)> values = [];
        offsets = [];
        var stable = log.Producers.FirstUndecidedOffset ?? log.LogEndOffset;
        var aborted = new Queue<AbortedTransaction>(log.AbortedBetween(log.LogStartOffset, stable).OrderBy(a => a.FirstOffset));
        HashSet<long> dropped = [];
        for (var offset = log.LogStartOffset; offset < stable;)
        {
            var read = log.Read(offset, 1, stable, minOneBatch: true);
            if (!RecordBatch.TryRead(read.Records.Span, out var batch))
                break;
            offset = batch.NextOffset;
            while (aborted.TryPeek(out var next) && next.FirstOffset <= batch.LastOffset)
                dropped.Add(aborted.Dequeue().ProducerId);
            if (batch.IsControl)
            {
                if (batch.Count > 0 && EndTransactionMarker.Read(batch) is { IsCommit: false })
                    dropped.Remove(batch.ProducerId);
                continue;
            }
            using var records = RecordReader.Open(batch);
            while (records.TryRead(out var record))
            {
                offsets.Add(record.Offset);
                if (!batch.IsTransactional || !dropped.Contains(batch.ProducerId))
                {
                    var value = record.HasValue ? Encoding.UTF8.GetString(record.Value) : null;
                    values[Encoding.UTF8.GetString(record.Key)] = (record.Offset, value);
                }
            }
        }
        return values;
    }

    // What is committed, up to the first transaction that is open.
    private static Dictionary<string, (long Offset, string? Value)> Fold(List<Told> told)
    {
        Dictionary<string, (long, string?)> values = [];
        foreach (var record in told.Where(r => r.IsCommit is null))
        {
            var end = told.FirstOrDefault(r => r.Offset > record.Offset && r.IsCommit is not null)?.IsCommit;
            if (record.IsTransactional && end is null)
                break;
            if (!record.IsTransactional || end == true)
                values[record.Key!] = (record.Offset, record.Value);
        }
        return values;
    }

    private static string Text(Dictionary<string, (long Offset, string? Value)> values) => string.Join(' ', values
        .Where(v => v.Value.Value is not null).OrderBy(v => v.Key, StringComparer.Ordinal)
        .Select(v => $"{v.Key}={v.Value.Value}@{v.Value.Offset}"));

    private static void Hold(bool isSo, string what)
    {
        if (!isSo)
            throw new ModelException(what);
    }

    // Of data key and value (null: a tombstone), of markers their decision.
    private sealed record Told(long Offset, string? Key, string? Value, bool IsTransactional, bool? IsCommit);
}
