namespace Microcosm.Kafka;

/// <summary>
/// Room behind the last batch of a log that is written to much: zeros that are durable before anything is written there. A sync of what is
/// then written waits for the device alone, and not for the file system's journal, in which everyone's changes of metadata wait for each
/// other. For long batches there is none: they would be written twice, and what the device takes is what they wait for. Invariants: zeros
/// come behind everything that is written; a segment that is sealed has none.
/// </summary>
internal sealed class LogRoom(LogState state)
{
    // There is room for so many batches as the last one. It grows by so much at least: syncs wait while it does.
    private const int BatchesAhead = 3;
    private const int StepFactor = 2;

    private LogSegment? _seen;
    private int _seenSize;
    private bool _isMaking;

    /// <summary>Makes room where there is too little; nobody waits for it. What fails then fails the log, since it may have been an error
    /// of what was written.</summary>
    public async void Extend()
    {
        var active = state.Active;
        var batchBytes = active == _seen ? active.Size - _seenSize : 0;
        (_seen, _seenSize) = (active, active.Size);
        var unit = (long)state.Settings.RoomBytes;
        if (_isMaking || active.Size < unit || batchBytes > unit || state.IsChanging || state.IsClosed || state.Failure is not null)
            return;
        var wanted = Math.Max((long)batchBytes * BatchesAhead, unit);
        long end = Math.Max(active.RoomEnd, active.Size);
        if (end - active.Size >= wanted || end >= state.Settings.SegmentBytes)
            return;
        end = Math.Max(end + (unit * StepFactor), active.Size + wanted);
        _isMaking = true;
        try
        {
            await active.MakeRoomAsync((int)Math.Min(end, state.Settings.SegmentBytes));
        }
        catch (IOException e)
        {
            state.Fail(e);
        }
        _isMaking = false;
    }
}
