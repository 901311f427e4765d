using Microcosm.Runtime;
using Microcosm.Storage;

namespace Microcosm.Kafka;

/// <summary>
/// Group commit: one sync under way, and those who come meanwhile share the next. A sync saves a checkpoint too when much was appended
/// since the last one, or when something changed that the batches do not tell. Order: contents and names of what batches need, which is
/// what appends wait for; then those of indexes and snapshots; then the checkpoint that relies on all.
/// </summary>
internal sealed class LogSync(LogState state, LogTurns turns)
{
    private readonly LogRoom _room = new(state);
    private TaskCompletionSource? _underWay;
    private TaskCompletionSource? _next;
    private bool _isRunning;
    private bool _isCheckpointWanted;
    private int _rounds;

    /// <summary>SyncedEnd moved.</summary>
    public event Action? Synced;

    private bool IsClean => state.Unsynced.IsEmpty && !state.NeedsCheckpoint && !_isCheckpointWanted;

    /// <summary>Completes when everything appended before the call survives a crash. Throws <see cref="PoisonedException"/>.</summary>
    public ValueTask SyncAsync()
    {
        if (state.Failure is { } failure)
            return ValueTask.FromException(failure);
        if (IsClean && _underWay is { } underWay)
            return new ValueTask(underWay.Task);
        // What a change of the files syncs on its own account is not done yet either.
        if (IsClean && _rounds == 0)
            return ValueTask.CompletedTask;
        var group = _next ??= new TaskCompletionSource();
        if (!_isRunning)
            Run();
        return new ValueTask(group.Task);
    }

    /// <summary>The same, with a checkpoint of all that.</summary>
    public ValueTask CheckpointAsync()
    {
        // Of a log that was never written to there is nothing to say.
        _isCheckpointWanted |= state.Saved is { } saved ? saved.RecoveryOffset != state.LogEnd : state.LogEnd > 0;
        return SyncAsync();
    }

    /// <summary>The work of one sync, for changes that have the turn.</summary>
    /// <param name="amend">What the checkpoint is to say beside; none is saved without need if this is null.</param>
    public async ValueTask RoundAsync(Func<LogCheckpoint, LogCheckpoint>? amend = null)
    {
        _rounds++;
        try
        {
            await SyncFilesAsync(amend);
        }
        finally
        {
            _rounds--;
        }
    }

    /// <summary>A checkpoint as it is.</summary>
    public static LogCheckpoint AsItIs(LogCheckpoint checkpoint) => checkpoint;

    private async ValueTask SyncFilesAsync(Func<LogCheckpoint, LogCheckpoint>? amend)
    {
        var (end, before) = (state.LogEnd, state.SyncedEnd);
        var isDue = state.Saved is null || state.NeedsCheckpoint || state.BytesSinceCheckpoint >= state.Settings.CheckpointBytes;
        var checkpoint = amend is not null ? amend(state.MakeCheckpoint()) : isDue ? state.MakeCheckpoint() : null;
        if (checkpoint is not null && Bug.IsPlanted("kafka/checkpoint-before-sync"))
            await SaveAsync(checkpoint);
        await SyncAsync(state.Unsynced.Take());
        // What failed meanwhile beside this may have been told to that and not to this.
        if (state.Failure is { } failure)
            throw failure;
        state.SyncedEnd = Math.Max(state.SyncedEnd, Bug.IsPlanted("kafka/sync-covers-later-appends") ? state.LogEnd : end);
        Invariant.Check(state.SyncedEnd <= state.LogEnd);
        // Who waits for the batches does not wait for the checkpoint.
        if (state.SyncedEnd != before)
            Synced?.Invoke();
        if (checkpoint is null)
            return;
        await SyncAsync(state.Unsynced.TakeDerived());
        if (!Bug.IsPlanted("kafka/checkpoint-before-sync"))
            await SaveAsync(checkpoint);
    }

    private async ValueTask SyncAsync((LogFile[] Files, bool HasNames) unsynced)
    {
        if (unsynced.Files is [var one])
            await one.SyncAsync();
        else
            await Task.WhenAll(unsynced.Files.Select(f => f.SyncAsync().AsTask()));
        if (unsynced.HasNames && !Bug.IsPlanted("kafka/names-not-synced"))
            await state.Files.Disk.SyncNamesAsync();
    }

    private async ValueTask SaveAsync(LogCheckpoint checkpoint)
    {
        await state.Checkpoints.SaveAsync(checkpoint);
        state.Saved = checkpoint;
        state.DropSnapshots();
    }

    // async void: those who wait are told of disk errors; anything else is a bug and ends the node.
    private async void Run()
    {
        _isRunning = true;
        while (_next is not null)
        {
            try
            {
                await turns.RunAsync(SyncGroupAsync);
            }
            catch (IOException e)
            {
                var failure = state.Fail(e);
                Take(ref _underWay)?.SetException(failure);
                Take(ref _next)?.SetException(failure);
            }
        }
        _isRunning = false;
    }

    private async ValueTask SyncGroupAsync()
    {
        if (state.Failure is { } failure)
            throw failure;
        _underWay = Take(ref _next);
        var withCheckpoint = _isCheckpointWanted;
        _isCheckpointWanted = false;
        await RoundAsync(withCheckpoint ? AsItIs : null);
        Take(ref _underWay)!.SetResult();
        // Who has the next batch at hand would wait for the room; otherwise the disk has nothing else to do.
        if (_next is null && !withCheckpoint)
            _room.Extend();
    }

    private static TaskCompletionSource? Take(ref TaskCompletionSource? group)
    {
        var taken = group;
        group = null;
        return taken;
    }
}
