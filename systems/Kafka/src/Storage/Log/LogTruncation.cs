using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>
/// Cuts a log's end off: what a follower does where its leader's log is another one (KIP-101, KIP-279). The checkpoint is lowered first and
/// says that a cut is under way, so that none ever vouches for what is cut, and a crash does not bring it back. The caller has the turn,
/// and nothing is appended meanwhile: what came behind the cut would mix with what was there.
/// </summary>
internal sealed class LogTruncation(LogState state, LogSync sync)
{
    public async ValueTask TruncateToAsync(long offset)
    {
        Invariant.Check(state.IsChanging);
        if (offset >= state.LogEnd)
        {
            // An epoch that began at the end and wrote nothing goes all the same: the leader may not know it.
            state.Epochs.TruncateFromEnd(state.LogEnd);
            return;
        }
        if (offset < state.Segments[0].BaseOffset)
        {
            await new LogSwap(state, sync).ResetAsync(offset);
            return;
        }
        await sync.RoundAsync();
        var last = Cut(offset, out var cutOff);
        if (!Bug.IsPlanted("kafka/checkpoint-not-lowered"))
            await sync.RoundAsync(c => c with { Change = LogChange.Cut });
        for (var i = cutOff.Count - 1; i >= 0; i--)
            cutOff[i].Delete();
        foreach (var snapshot in state.Snapshots.Where(s => s > state.LogEnd).ToArray())
            state.DeleteSnapshot(snapshot);
        last.CutFile();
        await sync.RoundAsync();
        await sync.RoundAsync(LogSync.AsItIs);
    }

    // All but the files.
    private LogSegment Cut(long offset, out List<LogSegment> cutOff)
    {
        var at = state.IndexOf(offset);
        var last = state.Segments[at];
        var position = last.Find(offset, out var batchOffset);
        var end = position < last.Size ? Math.Min(offset, batchOffset) : offset;
        cutOff = state.Segments.GetRange(at + 1, state.Segments.Count - at - 1);
        state.Segments.RemoveRange(at + 1, cutOff.Count);
        last.TruncateTo(position, end);
        state.Version++;
        (state.LogEnd, state.SyncedEnd) = (end, Math.Min(state.SyncedEnd, end));
        (state.LogStart, state.FirstDirty) = (Math.Min(state.LogStart, end), Math.Min(state.FirstDirty, end));
        state.HighWatermark = Math.Min(state.HighWatermark, end);
        state.Epochs.TruncateFromEnd(end);
        new ProducerRebuild(state).Run(end);
        state.Producers.OnHighWatermark(state.HighWatermark);
        return last;
    }
}
