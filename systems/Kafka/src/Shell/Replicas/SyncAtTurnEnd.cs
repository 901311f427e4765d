using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>Group commit of one log: what a turn appended is synced at its end, and what came during a sync with the next one.</summary>
internal sealed class SyncAtTurnEnd
{
    private PartitionLog? _log;
    private bool _isDue;
    private bool _isSyncing;

    public void LogMoved(PartitionLog? log, NodeExecutor executor)
    {
        if (_isDue || _isSyncing || log is null || log.SyncedEndOffset >= log.LogEndOffset)
            return;
        (_isDue, _log) = (true, log);
        executor.AtTurnEnd(TurnPhase.Commit, Sync);
    }

    /// <summary>The log goes away: what is not synced need not be any more.</summary>
    public void Stop() => _log = null;

    // async void: an error of the disk ends the broker, as it ends Kafka's with its only log directory.
    private async void Sync()
    {
        (_isDue, _isSyncing) = (false, true);
        while (_log is { } log && log.SyncedEndOffset < log.LogEndOffset)
            await log.SyncAsync();
        _isSyncing = false;
    }
}
