using Microcosm.Runtime;
using Microcosm.Storage;

namespace Microcosm.Kafka;

/// <summary>
/// Brings a log up from its folder. What the checkpoint vouches for is not read; what lies behind it is read batch by batch, taken while it
/// is right and follows on, and cut at the first that is not: a torn tail. What had been vouched for and is not there is damage, and
/// refused. A folder without checkpoint (Kafka's own, or a log that crashed before its first) is read from the beginning.
/// </summary>
internal sealed class LogRecovery(LogState state, LogSync sync)
{
    private readonly List<(LogSegment Segment, int From)> _scanned = [];
    private bool _isCut;
    private bool _isForeign;

    public async ValueTask RunAsync()
    {
        var names = state.Files.Disk.List(state.Folder + "/");
        var checkpoint = names.Count == 0 ? null : await state.Checkpoints.LoadAsync();
        if (checkpoint is { Change: not LogChange.None })
        {
            checkpoint = await new LogSwap(state, sync).CarryThroughAsync(checkpoint, names);
            names = state.Files.Disk.List(state.Folder + "/");
        }
        state.Saved = checkpoint;
        _isForeign = checkpoint is null && names.Contains(state.Folder + "/leader-epoch-checkpoint");
        var bases = names.Select(n => LogNames.TryParse(n, LogNames.Log, out var offset) ? offset : -1).Where(o => o >= 0).Order().ToList();
        if (checkpoint is not null)
            await DropUnlistedAsync(bases, checkpoint);
        FindFiles(names, bases, checkpoint);
        Restore(checkpoint);
        Scan(checkpoint);
        await SettleAsync();
        // Whoever was here before may have failed to sync names; the first sync does.
        state.Unsynced.HasNames = names.Count > 0;
    }

    private void FindFiles(IReadOnlyList<string> names, List<long> bases, LogCheckpoint? checkpoint)
    {
        if (checkpoint is not null && !bases.Contains(checkpoint.Active.BaseOffset))
        {
            if (checkpoint.Active.Size > 0)
                throw Damaged(checkpoint.Active.BaseOffset, 0, "the file is missing");
            // A new segment's file is made by its first batch.
            bases.Add(checkpoint.Active.BaseOffset);
            bases.Sort();
        }
        if (bases.Count == 0)
            bases.Add(0);
        foreach (var offset in bases)
            state.Segments.Add(state.NewSegment(offset));
        foreach (var name in names)
        {
            if (name.EndsWith(LogSegment.CleanedSuffix, StringComparison.Ordinal))
                Delete(name);
            else if (LogNames.TryParse(name, LogNames.Snapshot, out var offset))
                KeepSnapshot(name, offset, checkpoint);
            else if (LogNames.OfSegment.Any(k => LogNames.TryParse(name, k, out offset)) && !bases.Contains(offset))
                Delete(name); // Its segment was being deleted.
        }
    }

    // Segments that retention was about to delete; and none that are listed may be missing.
    private async ValueTask DropUnlistedAsync(List<long> bases, LogCheckpoint checkpoint)
    {
        var listed = checkpoint.Sealed.Select(s => s.BaseOffset).ToHashSet();
        foreach (var offset in bases.Where(b => b < checkpoint.Active.BaseOffset && !listed.Contains(b)).ToArray())
        {
            await state.Checkpoints.EnsureAsync();
            state.NewSegment(offset).Delete();
            bases.Remove(offset);
        }
        if (listed.Except(bases).Order().Select(o => (long?)o).FirstOrDefault() is { } missing)
            throw Damaged(missing, 0, "the file is missing");
    }

    // One behind the recovery point may be of batches that were cut.
    private void KeepSnapshot(string name, long offset, LogCheckpoint? checkpoint)
    {
        if (checkpoint is not null && offset <= checkpoint.RecoveryOffset)
            state.Snapshots.Add(offset);
        else
            Delete(name);
    }

    private void Delete(string name)
    {
        state.Files.Disk.Delete(name);
        state.Unsynced.HasNames = true;
    }

    private void Restore(LogCheckpoint? checkpoint)
    {
        var first = state.Segments[0].BaseOffset;
        checkpoint ??= new LogCheckpoint { LogStartOffset = first, FirstDirtyOffset = first, RecoveryOffset = first,
            Active = new SegmentState(first, 0, 0, 0, 0) };
        (state.TopicId, state.LogEnd) = (checkpoint.TopicId, checkpoint.RecoveryOffset);
        (state.LogStart, state.FirstDirty) = (Math.Max(checkpoint.LogStartOffset, first), checkpoint.FirstDirtyOffset);
        state.HighWatermark = Math.Max(checkpoint.HighWatermark, state.LogStart);
        foreach (var (epoch, start) in checkpoint.Epochs)
        {
            // What was assigned but not written to yet is as if it had not been.
            if (start < state.LogEnd)
                state.Epochs.Assign(epoch, start);
        }
        var states = checkpoint.Sealed.Append(checkpoint.Active).ToDictionary(s => s.BaseOffset);
        foreach (var segment in state.Segments)
        {
            var length = segment.Log.Length;
            var isSealed = segment.BaseOffset < checkpoint.Active.BaseOffset;
            var vouched = states.GetValueOrDefault(segment.BaseOffset, new SegmentState(segment.BaseOffset, 0, 0, 0, 0));
            if (isSealed ? length != vouched.Size : length < vouched.Size || length > int.MaxValue)
                throw Damaged(segment.BaseOffset, length, $"it should have {vouched.Size} bytes");
            segment.Load(vouched, isSealed ? null : vouched.Size == 0 ? (RecordBatch.NoTimestamp, -1) : checkpoint.Max, state.NowMs);
            if (!isSealed && !Bug.IsPlanted("kafka/index-not-truncated"))
                segment.CutIndexes();
            segment.Log.Close();
        }
        if (checkpoint.SnapshotOffset >= 0)
            new ProducerRebuild(state).Run(checkpoint.RecoveryOffset);
    }

    private void Scan(LogCheckpoint? checkpoint)
    {
        var first = checkpoint is null ? 0 : state.Segments.FindIndex(s => s.BaseOffset == checkpoint.Active.BaseOffset);
        Invariant.Check(first >= 0);
        for (var at = first; at < state.Segments.Count; at++)
        {
            var segment = state.Segments[at];
            // A segment is begun at the end of the one before it. Only a cleaning, which is below the recovery point, leaves gaps; so
            // may the folder of a real Kafka.
            if (at > first && (_isCut || (segment.BaseOffset != state.LogEnd && !_isForeign)))
            {
                Drop(at);
                return;
            }
            if (segment.BaseOffset > state.LogEnd)
                state.LogEnd = segment.BaseOffset;
            if (at > first)
                state.WriteSnapshot(state.LogEnd);
            ScanSegment(segment);
            if (at + 1 < state.Segments.Count && !_isCut)
                segment.Seal();
        }
    }

    private void ScanSegment(LogSegment segment)
    {
        var (from, length) = (segment.Size, segment.Log.Length);
        if (from == length)
            return;
        using var cursor = new BatchCursor(segment.Log, from, length, headersOnly: false, 1 << 20);
        while (cursor.TryNext(out var batch) && IsNext(batch))
        {
            segment.Adopt(batch, state.Settings.IndexIntervalBytes);
            Invariant.Check(segment.Size == cursor.NextPosition);
            state.Epochs.Assign(batch.LeaderEpoch, batch.BaseOffset);
            LogState.AccountProducer(batch, state.Producers, segment);
            state.LogEnd = batch.NextOffset;
        }
        state.BytesSinceCheckpoint += segment.Size - from;
        _scanned.Add((segment, from));
        _isCut = segment.Size < length;
    }

    private bool IsNext(in RecordBatch batch) =>
        (batch.CheckCrc() || Bug.IsPlanted("kafka/tail-trusted"))
        && batch.BaseOffset >= state.LogEnd && batch.LastOffset >= batch.BaseOffset;

    private void Drop(int from)
    {
        for (var i = state.Segments.Count - 1; i >= from; i--)
            state.Segments[i].Delete();
        state.Segments.RemoveRange(from, state.Segments.Count - from);
    }

    // What was read may be in the page cache only, also after a sync that failed (Rebello et al., ATC 2020): it is written once more.
    private async ValueTask SettleAsync()
    {
        foreach (var (segment, from) in _scanned)
        {
            if (!state.Segments.Contains(segment))
                continue;
            segment.CutFile();
            Rewrite(segment, from);
            state.Unsynced.Add(segment.Log, isNew: true);
        }
        state.FirstDirty = state.FirstDirty > state.LogEnd ? state.LogStart : Math.Max(state.FirstDirty, state.LogStart);
        (state.HighWatermark, state.SyncedEnd) = (Math.Min(state.HighWatermark, state.LogEnd), 0);
        state.Producers.OnHighWatermark(state.HighWatermark);
        Invariant.Check(state.LogStart <= state.LogEnd);
        if (state.Unsynced.IsEmpty)
            state.SyncedEnd = state.LogEnd;
        else
            await sync.RoundAsync();
        Invariant.Check(state.SyncedEnd == state.LogEnd);
        foreach (var segment in state.Segments)
            segment.Close();
    }

    private static void Rewrite(LogSegment segment, int from)
    {
        var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(1 << 18);
        for (var at = from; at < segment.Size;)
        {
            var count = segment.Log.Read(at, buffer.AsSpan(0, Math.Min(buffer.Length, segment.Size - at)));
            Invariant.Check(count > 0);
            segment.Log.Write(at, buffer.AsSpan(0, count));
            at += count;
        }
        System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
    }

    private DamagedFileException Damaged(long segment, long position, string what) =>
        new(LogNames.Of(state.Folder, segment, LogNames.Log), position, what);
}
