using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>
/// Changes of several files at once. The checkpoint says what is to be done, and is saved first; then it is done, in steps that can be done
/// twice; then the checkpoint says that nothing is to be done. A crash between finds it in the checkpoint. The caller has the turn.
/// </summary>
internal sealed class LogSwap(LogState state, LogSync sync)
{
    /// <summary>Empties the log; it begins and ends at <paramref name="offset"/> then. Nothing may be appended meanwhile.</summary>
    public async ValueTask ResetAsync(long offset)
    {
        Invariant.Check(state.IsChanging);
        await sync.RoundAsync(c => c with { Change = LogChange.Reset, ChangeOffset = offset });
        state.Version++;
        DeleteAll();
        state.Segments.Add(state.NewSegment(offset).AsNew(state.NowMs));
        state.Epochs.Clear();
        state.Producers.Clear();
        (state.LogStart, state.LogEnd, state.SyncedEnd) = (offset, offset, offset);
        (state.FirstDirty, state.HighWatermark) = (offset, offset);
        await FinishAsync();
    }

    /// <summary>Removes the log from the disk.</summary>
    public async ValueTask DeleteAsync()
    {
        state.IsClosed = true;
        if (state.Saved is not null)
            await sync.RoundAsync(c => c with { TopicId = Guid.Empty, Change = LogChange.Reset, ChangeOffset = 0 });
        DeleteAll();
        await state.Files.Disk.SyncNamesAsync();
        state.Checkpoints.Delete();
        await state.Files.Disk.SyncNamesAsync();
    }

    /// <summary>Puts a cleaned segment, which is written, in the place of those from index <paramref name="at"/> on. All of them are below
    /// the recovery point.</summary>
    public async ValueTask SwapAsync(LogSegment cleaned, int at, int count)
    {
        var replaced = state.Segments.GetRange(at, count);
        Invariant.Check(at + count < state.Segments.Count && replaced[0].BaseOffset == cleaned.BaseOffset);
        Invariant.Check(state.Saved!.Active.BaseOffset >= state.Segments[at + count].BaseOffset);
        var bases = replaced.Select(s => s.BaseOffset).ToArray();
        LogCheckpoint Swap(LogCheckpoint checkpoint) => checkpoint with
        {
            Change = LogChange.Swap,
            ChangeOffset = cleaned.BaseOffset,
            Replaced = bases,
            Sealed = [.. checkpoint.Sealed.Where(s => !bases.Contains(s.BaseOffset))
                .Append(cleaned.ToState()).OrderBy(s => s.BaseOffset)],
        };
        await sync.RoundAsync(Bug.IsPlanted("kafka/swap-without-checkpoint") ? null : Swap);
        // From here to the next wait, so that no reader sees the one without the other.
        cleaned.Close();
        foreach (var segment in replaced)
            segment.Close();
        Rename(cleaned.BaseOffset, bases);
        var swapped = state.NewSegment(cleaned.BaseOffset);
        swapped.Load(cleaned.ToState(), cleaned.Max, replaced[^1].ChangedMs);
        state.Segments.RemoveRange(at, count);
        state.Segments.Insert(at, swapped);
        state.Version++;
        await FinishAsync();
    }

    /// <summary>Carries through what a checkpoint says, and returns what is then true.</summary>
    public async ValueTask<LogCheckpoint> CarryThroughAsync(LogCheckpoint checkpoint, IReadOnlyList<string> names)
    {
        await state.Checkpoints.EnsureAsync();
        var done = checkpoint with { Change = LogChange.None, ChangeOffset = 0, Replaced = [] };
        if (checkpoint.Change == LogChange.Swap)
        {
            Rename(checkpoint.ChangeOffset, checkpoint.Replaced);
        }
        else if (checkpoint.Change == LogChange.Cut)
        {
            await CutAsync(checkpoint, names);
        }
        else
        {
            foreach (var name in names.Where(n => !n.StartsWith(state.Folder + "/checkpoint.", StringComparison.Ordinal)))
                state.Files.Disk.Delete(name);
            var offset = checkpoint.ChangeOffset;
            done = new LogCheckpoint
            {
                TopicId = checkpoint.TopicId,
                LogStartOffset = offset,
                HighWatermark = offset,
                FirstDirtyOffset = offset,
                RecoveryOffset = offset,
                Active = new SegmentState(offset, 0, 0, 0, 0),
            };
        }
        await state.Files.Disk.SyncNamesAsync();
        await state.Checkpoints.SaveAsync(done);
        return done;
    }

    private async ValueTask CutAsync(LogCheckpoint checkpoint, IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            if (LogNames.OfSegment.Any(k => LogNames.TryParse(name, k, out var offset) && offset > checkpoint.Active.BaseOffset))
                state.Files.Disk.Delete(name);
        }
        var last = state.NewSegment(checkpoint.Active.BaseOffset).Log;
        if (last.Length < checkpoint.Active.Size || !last.Exists)
            return; // Opening says that it is damaged, if it should be longer.
        last.SetLength(checkpoint.Active.Size);
        await last.SyncAsync();
        last.Close();
    }

    // A file that was renamed already is not there under its old name any more.
    private void Rename(long baseOffset, IReadOnlyList<long> replaced)
    {
        foreach (var offset in replaced.Where(o => o != baseOffset))
            state.NewSegment(offset).Delete();
        foreach (var kind in LogNames.OfSegment)
        {
            var name = LogNames.Of(state.Folder, baseOffset, kind);
            if (state.Files.Disk.Exists(name + LogSegment.CleanedSuffix))
                state.Files.Disk.Rename(name + LogSegment.CleanedSuffix, name);
        }
        state.Unsynced.HasNames = true;
    }

    private void DeleteAll()
    {
        foreach (var segment in state.Segments)
            segment.Delete();
        state.Segments.Clear();
        foreach (var snapshot in state.Snapshots.ToArray())
            state.DeleteSnapshot(snapshot);
    }

    private ValueTask FinishAsync() => sync.RoundAsync(LogSync.AsItIs);
}
