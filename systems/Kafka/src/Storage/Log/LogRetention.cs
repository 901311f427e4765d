using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>Deletes old segments: by age, by the log's size, and those below its start (DeleteRecords). What is not below the high
/// watermark stays. The caller has the turn.</summary>
internal sealed class LogRetention(LogState state, LogSync sync)
{
    /// <summary>Returns how many segments were deleted.</summary>
    public async ValueTask<int> ApplyAsync(long nowMs, long highWatermark)
    {
        var count = Expired(nowMs, highWatermark);
        if (count == 0)
            return 0;
        if (count == state.Segments.Count)
            state.Roll();
        var deleted = state.Segments.GetRange(0, count);
        state.Segments.RemoveRange(0, count);
        state.Version++;
        state.LogStart = Math.Max(state.LogStart, state.Segments[0].BaseOffset);
        state.FirstDirty = Math.Max(state.FirstDirty, state.LogStart);
        state.Epochs.TruncateFromStart(state.LogStart);
        if (!Bug.IsPlanted("kafka/deleted-before-checkpoint"))
            await sync.RoundAsync(LogSync.AsItIs);
        foreach (var segment in deleted)
            segment.Delete();
        state.DropSnapshots();
        if (Bug.IsPlanted("kafka/deleted-before-checkpoint"))
            await sync.RoundAsync(LogSync.AsItIs);
        return count;
    }

    private int Expired(long nowMs, long highWatermark)
    {
        var settings = state.Settings;
        var excess = settings.IsDeleted && settings.RetentionBytes >= 0 ? state.SizeBytes - settings.RetentionBytes : 0;
        var count = 0;
        for (; count < state.Segments.Count; count++)
        {
            var segment = state.Segments[count];
            var isActive = count == state.Segments.Count - 1;
            var end = isActive ? state.LogEnd : state.Segments[count + 1].BaseOffset;
            if (end > highWatermark || (isActive && segment.Size == 0))
                break;
            var isOld = settings.IsDeleted && settings.RetentionMs >= 0 && nowMs - segment.LargestTimestamp > settings.RetentionMs;
            var isMuch = excess >= segment.Size && excess > 0;
            if (!isOld && !isMuch && (isActive || end > state.LogStart))
                break;
            excess -= segment.Size;
        }
        return count;
    }
}
