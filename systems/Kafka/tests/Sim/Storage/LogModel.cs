namespace Microcosm.Kafka.Tests.Sim;

/// <summary>
/// What a log was told, and how much of that it acknowledged. However it crashed, it must then begin and end somewhere between what was
/// acknowledged and what was told, hold exactly the batches between, and know of them what reading them tells.
/// </summary>
internal sealed class LogModel
{
    // Since the last reset; also those below the log's start, which its producers remember.
    private readonly List<(long Offset, long Next, byte[] Bytes)> _batches = [];
    private long? _resetting;
    private long? _cutting;
    private int _version;

    /// <summary>The log's end as it was told.</summary>
    public long End { get; private set; }

    /// <summary>What is below it is acknowledged.</summary>
    public long SyncedEnd { get; set; }

    /// <summary>Where it begins as it was told, and what of that is acknowledged.</summary>
    public long Start { get; set; }

    public long SyncedStart { get; set; }

    /// <summary>How often the log was cut or reset.</summary>
    public int Cuts { get; private set; }

    /// <summary>An append comes, maybe before whoever cut the log has heard that it is done.</summary>
    public void Before(PartitionLog log)
    {
        if (log.State.Version != _version)
        {
            EndCut();
            EndReset();
        }
        Hold(log.LogEndOffset == End, $"it ends at {log.LogEndOffset}, not {End}");
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        for (; RecordBatch.TryRead(bytes, out var batch); bytes = bytes[batch.SizeBytes..])
        {
            _batches.Add((batch.BaseOffset, batch.NextOffset, batch.Bytes.ToArray()));
            End = batch.NextOffset;
        }
    }

    /// <summary>The offset at which a cut really cuts.</summary>
    public long CutAt(long offset) =>
        _batches.Where(b => b.Offset < offset && b.Next > offset).Select(b => (long?)b.Offset).FirstOrDefault() ?? offset;

    /// <summary>A cut begins: from now on less may be there.</summary>
    public void BeginCut(PartitionLog log, long offset) => (_cutting, _version) = (offset, log.State.Version);

    public void EndCut()
    {
        if (_cutting is not { } offset)
            return;
        (End, _cutting) = (CutAt(offset), null);
        Cuts++;
        _batches.RemoveAll(b => b.Offset >= End);
        (SyncedEnd, Start) = (End, Math.Min(Start, End));
        SyncedStart = Start;
    }

    public void BeginReset(PartitionLog log, long offset) => (_resetting, _version) = (offset, log.State.Version);

    public void EndReset()
    {
        if (_resetting is not { } offset)
            return;
        _batches.Clear();
        End = SyncedEnd = Start = SyncedStart = offset;
        Cuts++;
        _resetting = null;
    }

    /// <summary>Holds a log that was opened again against this, and goes on from it.</summary>
    public void Reopened(PartitionLog log)
    {
        // It may have begun and ended there before, too; but then it knows of who wrote below.
        if (_resetting is { } offset && log.LogEndOffset == offset && log.LogStartOffset == offset && log.Producers.Count == 0)
            EndReset();
        var cut = CutAt(_cutting ?? long.MaxValue);
        (SyncedEnd, SyncedStart) = (Math.Min(SyncedEnd, cut), Math.Min(SyncedStart, cut));
        (_resetting, _cutting) = (null, null);
        var (start, end) = (log.LogStartOffset, log.LogEndOffset);
        Hold(end >= SyncedEnd && end <= End, $"it ends at {end}; {SyncedEnd} was acknowledged, {End} told");
        Hold(start >= SyncedStart && start <= Start, $"it begins at {start}; {SyncedStart} was acknowledged, {Start} told");
        Hold(log.SyncedEndOffset == end, "what is there after opening is durable");
        Hold(!_batches.Any(b => b.Offset < end && b.Next > end), $"it ends inside a batch: {end}");
        _batches.RemoveAll(b => b.Offset >= end);
        (End, SyncedEnd, Start) = (end, end, start);
        Check(log);
    }

    /// <summary>Holds a log against what it was told.</summary>
    public void Check(PartitionLog log)
    {
        Hold((log.LogStartOffset, log.LogEndOffset) == (Start, End), "where it begins and ends");
        CheckBatches(log);
        CheckWhatIsKnown(log);
        CheckTimes(log);
    }

    private void CheckBatches(PartitionLog log)
    {
        var expected = _batches.Where(b => b.Next > Start).ToList();
        var offset = Start;
        foreach (var batch in expected)
        {
            var read = log.Read(offset, 1, long.MaxValue, minOneBatch: true);
            var isRead = read.Error == KafkaError.None && read.Records.Span.SequenceEqual(batch.Bytes);
            Hold(isRead, $"the batch at {batch.Offset}: {read.Error}");
            // Whoever comes from elsewhere finds it too.
            var again = log.Read(batch.Next - 1, 1, long.MaxValue, minOneBatch: true);
            Hold(again.Records.Span.SequenceEqual(batch.Bytes), $"the batch with {batch.Next - 1}");
            offset = batch.Next;
        }
        Hold(log.Read(End, 1, long.MaxValue, minOneBatch: true).Records.IsEmpty, "nothing behind the end");
    }

    private void CheckWhatIsKnown(PartitionLog log)
    {
        var (producers, epochs, aborted) = (new ProducerStates("model"), new LeaderEpochs(), new List<AbortedTransaction>());
        foreach (var (offset, _, bytes) in _batches)
        {
            RecordBatch.TryRead(bytes, out var batch);
            epochs.Assign(batch.LeaderEpoch, offset);
            var marker = batch.IsControl ? EndTransactionMarker.Read(batch) : null;
            if (producers.Append(batch, marker) is { IsAborted: true } end && end.LastOffset >= Start)
                aborted.Add(new AbortedTransaction(end.ProducerId, end.FirstOffset, end.LastOffset, producers.LastStableOffsetAfter(end)));
        }
        CheckEpochs(log, epochs);
        Hold(Describe(log.Producers) == Describe(producers), $"producers: {Describe(log.Producers)}, not {Describe(producers)}");
        Hold(log.Producers.FirstUndecidedOffset == producers.FirstUndecidedOffset, "the first open transaction");
        var found = log.AbortedBetween(Start, End);
        Hold(found.SequenceEqual(aborted), $"aborted: {string.Join(' ', found)}, not {string.Join(' ', aborted)}");
    }

    // Of those that nothing is left of the log need know nothing.
    private void CheckEpochs(PartitionLog log, LeaderEpochs epochs)
    {
        foreach (var (offset, next, _) in _batches.Where(b => b.Next > Start))
        {
            var epoch = epochs.EpochAt(offset);
            var known = $"{string.Join(' ', log.Epochs.Entries)}, not {string.Join(' ', epochs.Entries)}";
            Hold(log.Epochs.EpochAt(Math.Max(offset, Start)) == epoch, $"the epoch at {offset} is {epoch}: {known}");
            Hold(log.EndOffsetFor(epoch) == epochs.EndOffsetFor(epoch, End), $"the end of epoch {epoch}: {known}");
            Hold(next <= End, "what lies behind the end");
        }
    }

    private void CheckTimes(PartitionLog log)
    {
        var records = new List<(long Offset, long Timestamp)>();
        foreach (var (_, _, bytes) in _batches)
        {
            RecordBatch.TryRead(bytes, out var batch);
            using var reader = RecordReader.Open(batch);
            while (reader.TryRead(out var record))
                records.Add((record.Offset, record.Timestamp));
        }
        foreach (var timestamp in (long[])[0, 300, 600, 900])
        {
            var expected = records.Where(r => r.Offset >= Start && r.Timestamp >= timestamp).Select(r => r.Offset).FirstOrDefault(-1);
            Hold(log.OffsetForTimestamp(timestamp).Offset == expected,
                $"the first record at {timestamp} is {expected}, not {log.OffsetForTimestamp(timestamp).Offset}");
        }
    }

    private static string Describe(ProducerStates producers) => string.Join("; ", producers.All.Select(p =>
        $"{p.ProducerId}/{p.Epoch} {p.CoordinatorEpoch} {p.LastTimestamp} {p.TransactionFirstOffset} {string.Join(',', p.Batches)}"));

    private static void Hold(bool isSo, string what)
    {
        if (!isSo)
            throw new ModelException(what);
    }
}
