using System.Buffers;

namespace Microcosm.Kafka;

/// <summary>
/// Cleans a compacted log (Kafka's LogCleaner): learns the last offset of each key in its dirty part, then rewrites its segments in groups
/// with what <see cref="BatchFilter"/> keeps, and swaps each group in. It lets others go on in between; if the log is cut or segments are
/// deleted meanwhile it gives up.
/// </summary>
/// <param name="turn">Carries out a change of the log's files when it is its turn.</param>
internal sealed class LogCleaner(LogState state, LogSync sync, Func<Func<ValueTask>, ValueTask> turn)
{
    private const int StepBytes = 1 << 20;

    private int _version;
    private long _steps;

    private bool IsOvertaken => state.Version != _version || state.IsClosed || state.Failure is not null;

    /// <summary>True if something was cleaned. Throws <see cref="CorruptRecordException"/> where a batch cannot be read.</summary>
    public async ValueTask<bool> RunAsync(long nowMs, long stableOffset)
    {
        var range = CleanRange.Of(state, stableOffset, nowMs);
        if (range.DirtyRatio == 0 || (range.DirtyRatio < state.Settings.MinCleanableDirtyRatio && !range.IsOverdue))
            return false;
        // So that what is rewritten is not what a recovery would have to judge.
        if (state.Saved is not { } saved || saved.Active.BaseOffset < range.End)
            await sync.CheckpointAsync();
        _version = state.Version;
        if (state.IsClosed || state.Saved!.Active.BaseOffset < range.End)
            return false;
        var keys = new KeyOffsets(state.Settings.CleanerKeysMax);
        await LearnAsync(keys, range);
        if (IsOvertaken)
            return false;
        var end = Math.Min(keys.LatestOffset + 1, range.End);
        var last = state.Segments[state.IndexOf(end - 1) + 1].BaseOffset;
        var transactions = new CleanedTransactions(Aborted(state.Segments[0].BaseOffset, last));
        for (var from = state.Segments[0].BaseOffset; from < last;)
        {
            var (at, count) = Group(from, last);
            var next = state.Segments[at + count].BaseOffset;
            var filter = new BatchFilter(keys, transactions, state.Producers, state.Settings, range.End, nowMs);
            if (!await CleanAsync(at, count, filter))
                return false;
            from = next;
        }
        await turn(() =>
        {
            state.FirstDirty = Math.Max(state.FirstDirty, end);
            return sync.RoundAsync(LogSync.AsItIs);
        });
        return true;
    }

    private List<AbortedTransaction> Aborted(long from, long to)
    {
        List<AbortedTransaction> found = [];
        for (var at = state.IndexOf(from); at < state.Segments.Count && !state.Segments[at].Aborted.Collect(from, to, found);)
            at++;
        return found;
    }

    private async ValueTask LearnAsync(KeyOffsets keys, CleanRange range)
    {
        var transactions = new CleanedTransactions(Aborted(range.FirstDirty, range.End));
        for (var at = state.IndexOf(range.FirstDirty); state.Segments[at].BaseOffset < range.End; at++)
        {
            var segment = state.Segments[at];
            var position = segment.Find(range.FirstDirty, out _);
            using var cursor = new BatchCursor(segment.Log, position, segment.Size, headersOnly: false, 1 << 18);
            while (!keys.IsFull)
            {
                if (!Learn(cursor, keys, transactions, range.FirstDirty))
                    break;
                if (await StepAsync(cursor.NextPosition - cursor.Position))
                    return;
            }
            if (keys.IsFull && !cursor.IsAtEnd)
                return;
            keys.LatestOffset = state.Segments[at + 1].BaseOffset - 1;
        }
    }

    private static bool Learn(BatchCursor cursor, KeyOffsets keys, CleanedTransactions transactions, long firstDirty)
    {
        if (!cursor.TryNext(out var batch))
            return false;
        if (batch.IsControl)
        {
            transactions.IsEmpty(batch, out _);
        }
        else if (!transactions.IsAborted(batch))
        {
            using var records = RecordReader.Open(batch);
            while (records.TryRead(out var record))
            {
                if (record.HasKey && record.Offset >= firstDirty)
                    keys.Put(record.Key, record.Offset);
            }
        }
        keys.LatestOffset = Math.Max(keys.LatestOffset, batch.LastOffset);
        return true;
    }

    // As many segments as fit into one.
    private (int At, int Count) Group(long from, long end)
    {
        var at = state.IndexOf(from);
        var (count, size) = (1, (long)state.Segments[at].Size);
        while (state.Segments[at + count].BaseOffset < end && size + state.Segments[at + count].Size <= state.Settings.SegmentBytes
            && state.Segments[at + count + 1].BaseOffset - from <= int.MaxValue)
            size += state.Segments[at + count++].Size;
        return (at, count);
    }

    private async ValueTask<bool> CleanAsync(int at, int count, BatchFilter filter)
    {
        var cleaned = state.NewSegment(state.Segments[at].BaseOffset, LogSegment.CleanedSuffix);
        cleaned.MakeFiles(state.NowMs);
        var isSwapped = false;
        try
        {
            foreach (var segment in state.Segments.GetRange(at, count))
            {
                if (!await CleanAsync(segment, cleaned, filter))
                    return false;
            }
            cleaned.Seal();
            await turn(async () =>
            {
                if (IsOvertaken)
                    return;
                await new LogSwap(state, sync).SwapAsync(cleaned, at, count);
                (isSwapped, _version) = (true, state.Version);
            });
            return isSwapped;
        }
        finally
        {
            if (!isSwapped && state.Failure is null)
                cleaned.Delete();
        }
    }

    private async ValueTask<bool> CleanAsync(LogSegment segment, LogSegment cleaned, BatchFilter filter)
    {
        var output = new ArrayBufferWriter<byte>();
        using var cursor = new BatchCursor(segment.Log, 0, segment.Size, headersOnly: false, 1 << 18);
        while (Filter(cursor, filter, output, cleaned))
        {
            if (output.WrittenCount >= StepBytes)
                Flush(output, cleaned);
            if (await StepAsync(cursor.NextPosition - cursor.Position))
                return false;
        }
        if (!cursor.IsAtEnd)
            throw new CorruptRecordException($"{segment.Log.Path}: no batch lies at {cursor.NextPosition}");
        Flush(output, cleaned);
        return true;
    }

    private static bool Filter(BatchCursor cursor, BatchFilter filter, ArrayBufferWriter<byte> output, LogSegment cleaned)
    {
        if (!cursor.TryNext(out var batch))
            return false;
        filter.Apply(batch, output, out var kept);
        if (kept is { } aborted)
            cleaned.AddAborted(aborted);
        return true;
    }

    private void Flush(ArrayBufferWriter<byte> output, LogSegment cleaned)
    {
        if (output.WrittenCount > 0)
            cleaned.Append(output.WrittenSpan, state.Settings.IndexIntervalBytes);
        output.ResetWrittenCount();
    }

    // True if the work is void.
    private async ValueTask<bool> StepAsync(long bytes)
    {
        _steps += bytes;
        if (_steps < StepBytes)
            return false;
        _steps = 0;
        await Task.Yield();
        return IsOvertaken;
    }
}
