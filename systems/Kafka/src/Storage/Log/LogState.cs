using Microcosm.Runtime;
using Microcosm.Storage;

namespace Microcosm.Kafka;

/// <summary>
/// What a log is: its segments and what is known of them. Who reads, appends, syncs, recovers and cleans share it. Invariants: segments are
/// sorted and never none, the last one is the active one; LogStart ≤ LogEnd; SyncedEnd ≤ LogEnd; batches end at LogEnd and the active
/// segment begins at or below it; epochs and producers are those of the batches.
/// </summary>
internal sealed class LogState
{
    public LogState(LogFiles files, string folder, LogSettings settings, TimeProvider clock)
    {
        (Files, Folder, Settings, Clock) = (files, folder, settings, clock);
        Checkpoints = new CheckpointFile(files, folder);
        Producers = new ProducerStates(TopicPartition);
    }

    public LogFiles Files { get; }

    public string Folder { get; }

    /// <summary>The folder's own name: <c>topic-partition</c>.</summary>
    public string TopicPartition => Folder[(Folder.LastIndexOf('/') + 1)..];

    public LogSettings Settings { get; set; }

    public TimeProvider Clock { get; }

    public CheckpointFile Checkpoints { get; }

    public List<LogSegment> Segments { get; } = [];

    public LeaderEpochs Epochs { get; } = new();

    public ProducerStates Producers { get; }

    public UnsyncedFiles Unsynced { get; } = new();

    /// <summary>Offsets of the producers' snapshots that are on the disk.</summary>
    public SortedSet<long> Snapshots { get; } = [];

    public Guid TopicId { get; set; }

    public long LogStart { get; set; }

    public long LogEnd { get; set; }

    public long SyncedEnd { get; set; }

    public long HighWatermark { get; set; }

    public long FirstDirty { get; set; }

    /// <summary>The checkpoint that was saved last.</summary>
    public LogCheckpoint? Saved { get; set; }

    /// <summary>The next sync must save a checkpoint: it is not only the files that changed.</summary>
    public bool NeedsCheckpoint { get; set; }

    /// <summary>Bytes appended since the last checkpoint.</summary>
    public long BytesSinceCheckpoint { get; set; }

    /// <summary>Grows when segments are cut, deleted or replaced: what was known of positions is void then.</summary>
    public int Version { get; set; }

    /// <summary>A change of the segments is under way; nothing may be appended.</summary>
    public bool IsChanging { get; set; }

    public bool IsClosed { get; set; }

    /// <summary>Why nothing can be done any more: a write or sync failed.</summary>
    public PoisonedException? Failure { get; private set; }

    public LogSegment Active => Segments[^1];

    public long NowMs => Clock.GetUtcNow().ToUnixTimeMilliseconds();

    public long SizeBytes
    {
        get
        {
            var size = 0L;
            foreach (var segment in Segments)
                size += segment.Size;
            return size;
        }
    }

    public void ThrowIfUnusable()
    {
        if (Failure is not null)
            throw Failure;
        ObjectDisposedException.ThrowIf(IsClosed, this);
    }

    public PoisonedException Fail(IOException cause) => Failure ??= cause as PoisonedException ?? new PoisonedException(Folder, cause);

    /// <summary>Index of the segment that holds an offset, or would; the first for one below all.</summary>
    public int IndexOf(long offset)
    {
        var (low, high) = (0, Segments.Count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (Segments[middle].BaseOffset <= offset)
                low = middle + 1;
            else
                high = middle;
        }
        return Math.Max(0, low - 1);
    }

    /// <summary>A segment with that base offset, not yet in the list.</summary>
    public LogSegment NewSegment(long baseOffset, string suffix = "") => new(Files, Folder, baseOffset, Unsynced, suffix);

    /// <summary>Appends whole batches that are right and have their offsets and epochs.</summary>
    public void Append(ReadOnlySpan<byte> batches)
    {
        var (lastOffset, maxTimestamp) = (-1L, RecordBatch.NoTimestamp);
        for (var rest = batches; RecordBatch.TryRead(rest, out var batch); rest = rest[batch.SizeBytes..])
            (lastOffset, maxTimestamp) = (batch.LastOffset, Math.Max(maxTimestamp, batch.MaxTimestamp));
        RollIfFull(batches.Length, maxTimestamp, lastOffset);
        Active.Append(batches, Settings.IndexIntervalBytes);
        Active.ChangedMs = NowMs;
        BytesSinceCheckpoint += batches.Length;
        for (var rest = batches; RecordBatch.TryRead(rest, out var batch); rest = rest[batch.SizeBytes..])
            Account(batch);
    }

    /// <summary>What a batch at the end of the log changes, but for its segment. Markers need the whole batch.</summary>
    private void Account(in RecordBatch batch)
    {
        Invariant.Check(batch.BaseOffset >= LogEnd && batch.LastOffset >= batch.BaseOffset);
        Epochs.Assign(batch.LeaderEpoch, batch.BaseOffset);
        AccountProducer(batch, Producers, Active);
        LogEnd = batch.NextOffset;
    }

    /// <summary>The same for the producers alone.</summary>
    /// <param name="segment">Where an aborted transaction is noted; null if it is already.</param>
    public static void AccountProducer(in RecordBatch batch, ProducerStates producers, LogSegment? segment)
    {
        if (!batch.HasProducerId)
            return;
        var marker = batch.IsControl ? EndTransactionMarker.Read(batch) : null;
        if (producers.Append(batch, marker) is { IsAborted: true } aborted)
        {
            segment?.AddAborted(new AbortedTransaction(aborted.ProducerId, aborted.FirstOffset, aborted.LastOffset,
                producers.LastStableOffsetAfter(aborted)));
        }
    }

    /// <summary>Begins a new active segment at the end of the log.</summary>
    public void Roll()
    {
        Invariant.Check(LogEnd > Active.BaseOffset);
        Active.Seal();
        WriteSnapshot(LogEnd);
        Segments.Add(NewSegment(LogEnd).AsNew(NowMs));
    }

    /// <summary>Writes the producers as they are at the end of the log, unless that was done.</summary>
    public void WriteSnapshot(long offset)
    {
        Invariant.Check(offset == LogEnd);
        if (!Snapshots.Add(offset))
            return;
        var file = new LogFile(Files, LogNames.Of(Folder, offset, LogNames.Snapshot));
        file.Replace(ProducerSnapshot.Write(Producers));
        Unsynced.AddDerived(file, isNew: true);
    }

    /// <summary>A checkpoint of the log as it is now; true once everything written up to now is synced, which is the caller's to see to
    /// before it saves it.</summary>
    public LogCheckpoint MakeCheckpoint()
    {
        Active.WriteIndexes();
        if (!Producers.IsEmpty)
            WriteSnapshot(LogEnd);
        (NeedsCheckpoint, BytesSinceCheckpoint) = (false, 0);
        return new LogCheckpoint
        {
            TopicId = TopicId,
            LogStartOffset = LogStart,
            HighWatermark = Math.Min(HighWatermark, LogEnd),
            FirstDirtyOffset = FirstDirty,
            RecoveryOffset = LogEnd,
            Active = Active.ToState(),
            Max = Active.Max,
            SnapshotOffset = Producers.IsEmpty ? -1 : LogEnd,
            Epochs = [.. Epochs.Entries],
            Sealed = [.. Segments.SkipLast(1).Select(s => s.ToState())],
        };
    }

    /// <summary>Deletes snapshots that nothing needs: neither the checkpoint nor a truncation to a segment.</summary>
    public void DropSnapshots()
    {
        if (Snapshots.Count == 0)
            return;
        var needed = Segments.Select(s => s.BaseOffset).Append(Saved?.SnapshotOffset ?? -1).ToHashSet();
        foreach (var offset in Snapshots.Where(s => !needed.Contains(s)).ToArray())
            DeleteSnapshot(offset);
    }

    public void DeleteSnapshot(long offset)
    {
        var path = LogNames.Of(Folder, offset, LogNames.Snapshot);
        Snapshots.Remove(offset);
        Unsynced.ForgetDerived(path);
        Files.Disk.Delete(path);
    }

    // Kafka's LogSegment.shouldRoll.
    private void RollIfFull(int size, long maxTimestamp, long lastOffset)
    {
        var active = Active;
        if (active.Size == 0 && LogEnd == active.BaseOffset && lastOffset - active.BaseOffset <= int.MaxValue)
            return;
        var waitedMs = active.FirstTimestamp >= 0 ? maxTimestamp - active.FirstTimestamp : NowMs - active.ChangedMs;
        if (active.Size > Settings.SegmentBytes - size || (active.Size > 0 && waitedMs > Settings.SegmentMs)
            || lastOffset - active.BaseOffset > int.MaxValue)
            Roll();
    }
}
