namespace Microcosm.Kafka;

/// <summary>
/// What of a log a cleaning would look at. It ends before the active segment, the last stable offset, and the first segment that is younger
/// than <c>min.compaction.lag.ms</c>.
/// </summary>
/// <param name="FirstDirty">First offset that no cleaning has seen.</param>
/// <param name="End">Base offset of the first segment that is not to be touched.</param>
/// <param name="DirtyRatio">Share of the dirty bytes up to there; 0 if there are none.</param>
/// <param name="IsOverdue">Some of it has waited for <c>max.compaction.lag.ms</c>.</param>
internal readonly record struct CleanRange(long FirstDirty, long End, double DirtyRatio, bool IsOverdue)
{
    public static CleanRange Of(LogState state, long stableOffset, long nowMs)
    {
        var firstDirty = Math.Max(state.FirstDirty, state.LogStart);
        var settings = state.Settings;
        var (clean, dirty, isOverdue) = (0L, 0L, false);
        var end = state.Segments[0].BaseOffset;
        for (var at = 0; at < state.Segments.Count - 1; at++)
        {
            var (segment, next) = (state.Segments[at], state.Segments[at + 1].BaseOffset);
            var isDirty = next > firstDirty;
            if (next > stableOffset || (isDirty && settings.MinCompactionLagMs > 0
                && segment.LargestTimestamp > nowMs - settings.MinCompactionLagMs))
                break;
            end = next;
            if (isDirty)
                dirty += segment.Size;
            else
                clean += segment.Size;
            isOverdue |= isDirty && segment.FirstTimestamp > 0 && nowMs - segment.FirstTimestamp > settings.MaxCompactionLagMs;
        }
        return new CleanRange(firstDirty, end, dirty == 0 ? 0 : (double)dirty / (clean + dirty), isOverdue && dirty > 0);
    }
}
