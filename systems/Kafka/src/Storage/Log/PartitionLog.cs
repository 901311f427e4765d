using System.Runtime.InteropServices;
using Microcosm.Runtime;
using Microcosm.Storage;

namespace Microcosm.Kafka;

/// <summary>
/// One replica's log in a folder of its node's disk: Kafka's own segment files with their indexes, and a checkpoint. Appends go to the page
/// cache at once; <see cref="SyncAsync"/> makes them durable. Batches below <see cref="SyncedEndOffset"/> survive a crash, of those from
/// there on a part from the beginning may. Everything is called on the node's executor. After a failed write or sync the log refuses
/// everything but reads until it is opened again.
/// </summary>
internal sealed class PartitionLog
{
    private readonly LogState _state;
    private readonly LogTurns _turns;
    private readonly LogSync _sync;
    private readonly LogAppender _appender;
    private readonly LogReader _reader;
    private bool _isCleaning;

    private PartitionLog(LogState state, LogTurns turns, LogSync sync)
    {
        (_state, _turns, _sync) = (state, turns, sync);
        _appender = new LogAppender(state);
        _reader = new LogReader(state);
        sync.Synced += () => Synced?.Invoke();
    }

    /// <summary><see cref="SyncedEndOffset"/> moved.</summary>
    public event Action? Synced;

    /// <summary>The folder's own name: <c>topic-partition</c>.</summary>
    public string TopicPartition => _state.TopicPartition;

    /// <summary>The topic that the log is of; empty until somebody says.</summary>
    public Guid TopicId
    {
        get => _state.TopicId;
        set => (_state.TopicId, _state.NeedsCheckpoint) = (value, _state.NeedsCheckpoint || (value != _state.TopicId
            && _state.Saved is not null));
    }

    /// <summary>The first offset that is there for readers.</summary>
    public long LogStartOffset => _state.LogStart;

    /// <summary>The offset that the next record gets.</summary>
    public long LogEndOffset => _state.LogEnd;

    /// <summary>What lies below it survives a crash.</summary>
    public long SyncedEndOffset => _state.SyncedEnd;

    /// <summary>Bytes of batches on the disk.</summary>
    public long SizeBytes => _state.SizeBytes;

    public int SegmentCount => _state.Segments.Count;

    public long ActiveSegmentBaseOffset => _state.Active.BaseOffset;

    /// <summary>As the caller said last, or the checkpoint did.</summary>
    public long HighWatermark => _state.HighWatermark;

    /// <summary>Where readers of committed data must stop: the first offset of a transaction that is open, or whose end may yet be lost;
    /// never above the high watermark.</summary>
    public long LastStableOffset => Math.Min(Math.Max(_state.Producers.FirstUnstableOffset ?? long.MaxValue, _state.LogStart),
        _state.HighWatermark);

    public long? FirstUnstableOffset => _state.Producers.FirstUnstableOffset;

    /// <summary>The last leader epoch that is known, or -1.</summary>
    public int LatestEpoch => _state.Epochs.Latest;

    public LeaderEpochs Epochs => _state.Epochs;

    /// <summary>Producers and their transactions, to be looked at.</summary>
    public ProducerStates Producers => _state.Producers;

    public LogSettings Settings => _state.Settings;

    /// <summary>Why the log refuses everything; null while it does not.</summary>
    public PoisonedException? Failure => _state.Failure;

    /// <summary>First offset that no cleaning has seen.</summary>
    public long FirstDirtyOffset => _state.FirstDirty;

    internal LogState State => _state;

    /// <summary>Opens a log, with files of its own.</summary>
    public static ValueTask<PartitionLog> OpenAsync(IDisk disk, string folder, LogSettings settings, TimeProvider clock) =>
        OpenAsync(new LogFiles(disk), folder, settings, clock);

    /// <summary>
    /// Opens the log in a folder; there need be none: its files are made when something is written. A torn tail is cut. Throws
    /// <see cref="DamagedFileException"/>, and changes nothing that matters, when what had been synced is not there.
    /// </summary>
    public static async ValueTask<PartitionLog> OpenAsync(LogFiles files, string folder, LogSettings settings, TimeProvider clock)
    {
        var state = new LogState(files, folder, settings, clock);
        var turns = new LogTurns();
        var sync = new LogSync(state, turns);
        await new LogRecovery(state, sync).RunAsync();
        return new PartitionLog(state, turns, sync);
    }

    /// <summary>Checks a batch, gives it offsets and the leader's epoch, and writes it to the page cache. For the time of the call offset
    /// and epoch are set in the caller's bytes, which saves a copy of them.</summary>
    public AppendInfo AppendAsLeader(ReadOnlyMemory<byte> batches, int leaderEpoch, AppendOrigin origin) =>
        Unusable() is { } why ? new AppendInfo(KafkaError.KafkaStorageError, why)
            : _appender.AppendAsLeader(MemoryMarshal.AsMemory(batches), leaderEpoch, origin);

    /// <summary>Writes batches of the leader's log, with its offsets and epochs. OffsetOutOfRange: they do not continue this log;
    /// CorruptMessage: nothing was appended.</summary>
    public KafkaError AppendAsFollower(ReadOnlyMemory<byte> batches) =>
        Unusable() is null ? _appender.AppendAsFollower(batches.Span) : KafkaError.KafkaStorageError;

    /// <summary>Group commit: completes when everything appended before the call survives a crash. Throws
    /// <see cref="PoisonedException"/>.</summary>
    public ValueTask SyncAsync()
    {
        ObjectDisposedException.ThrowIf(_state.IsClosed, this);
        return _sync.SyncAsync();
    }

    /// <summary>Syncs, and notes that all of it need not be read when the log is opened again; for a quiet moment.</summary>
    public ValueTask CheckpointAsync()
    {
        ObjectDisposedException.ThrowIf(_state.IsClosed, this);
        return _sync.CheckpointAsync();
    }

    /// <inheritdoc cref="LogReader.Read"/>
    public FetchedRecords Read(long offset, int maxBytes, long upToOffset, bool minOneBatch, Func<int, byte[]>? rent = null) =>
        _reader.Read(offset, maxBytes, upToOffset, minOneBatch, rent);

    /// <inheritdoc cref="LogReader.OffsetForTimestamp"/>
    public (long Offset, long Timestamp, int Epoch) OffsetForTimestamp(long timestampMs) => _reader.OffsetForTimestamp(timestampMs);

    /// <inheritdoc cref="LogReader.OffsetForMaxTimestamp"/>
    public (long Offset, long Timestamp, int Epoch) OffsetForMaxTimestamp() => _reader.OffsetForMaxTimestamp();

    /// <summary>Aborted transactions that overlap with a range of offsets; a fetch of committed data tells them to its client.</summary>
    /// <param name="to">Exclusive.</param>
    public IReadOnlyList<AbortedTransaction> AbortedBetween(long from, long to)
    {
        List<AbortedTransaction> found = [];
        for (var at = _state.IndexOf(from); at < _state.Segments.Count; at++)
        {
            if (_state.Segments[at].Aborted.Collect(from, to, found))
                break;
        }
        return found;
    }

    /// <summary>The largest epoch up to the one that is asked for, and where it ends here (KIP-101, KIP-279); -1 and -1 if that is not
    /// known.</summary>
    public (int Epoch, long EndOffset) EndOffsetFor(int leaderEpoch) => _state.Epochs.EndOffsetFor(leaderEpoch, _state.LogEnd);

    /// <summary>A leader begins its epoch here, before it appends. It is kept by its first batch: with none it means nothing.</summary>
    public void AssignEpoch(int epoch, long startOffset)
    {
        Invariant.Check(startOffset <= _state.LogEnd);
        _state.Epochs.Assign(epoch, startOffset);
    }

    /// <summary>What is below it can be lost no more.</summary>
    public void OnHighWatermark(long highWatermark)
    {
        _state.HighWatermark = Math.Min(Math.Max(highWatermark, _state.LogStart), _state.LogEnd);
        _state.Producers.OnHighWatermark(_state.HighWatermark);
    }

    /// <summary>Cuts the log's end off, from the batch that contains <paramref name="offset"/> on; below the first segment it is emptied
    /// and goes on there. Appends are refused until it is done.</summary>
    public ValueTask TruncateToAsync(long offset) => ChangeAsync(() => new LogTruncation(_state, _sync).TruncateToAsync(offset));

    /// <summary>Empties the log; it begins and ends at <paramref name="offset"/> then (truncateFullyAndStartAt).</summary>
    public ValueTask ResetAsync(long offset) => ChangeAsync(() => new LogSwap(_state, _sync).ResetAsync(offset));

    /// <summary>Hides what is below an offset (DeleteRecords); it is durable with the next sync, and the disk gets room with the next
    /// retention. OffsetOutOfRange: beyond the end.</summary>
    public KafkaError IncreaseLogStart(long offset)
    {
        if (offset > _state.LogEnd)
            return KafkaError.OffsetOutOfRange;
        if (offset <= _state.LogStart)
        {
            _state.NeedsCheckpoint |= !_state.Checkpoints.IsSure;
            return KafkaError.None;
        }
        (_state.LogStart, _state.NeedsCheckpoint) = (offset, true);
        _state.Epochs.TruncateFromStart(offset);
        OnHighWatermark(_state.HighWatermark);
        return KafkaError.None;
    }

    /// <summary>Forgets expired producers and deletes segments that are too old or too many. Returns how many segments.</summary>
    public async ValueTask<int> ApplyRetentionAsync(long nowMs, long highWatermark)
    {
        _state.Producers.RemoveExpired(nowMs, _state.Settings.ProducerIdExpirationMs);
        var count = 0;
        await TurnAsync(async () => count = await new LogRetention(_state, _sync).ApplyAsync(nowMs, highWatermark));
        return count;
    }

    /// <summary>Cleans the log if it is compacted and dirty enough. Returns whether it was.</summary>
    public async ValueTask<bool> CompactAsync(long nowMs, long highWatermark)
    {
        if (!_state.Settings.IsCompacted || _isCleaning || Unusable() is not null)
            return false;
        _isCleaning = true;
        try
        {
            var stable = Math.Min(highWatermark, _state.Producers.FirstUnstableOffset ?? long.MaxValue);
            return await new LogCleaner(_state, _sync, TurnAsync).RunAsync(nowMs, stable);
        }
        finally
        {
            _isCleaning = false;
        }
    }

    /// <summary>How much of what a cleaning would look at is dirty, 0 to 1: who has most is cleaned first.</summary>
    public double DirtyRatio(long nowMs, long highWatermark) => CleanRange.Of(_state, highWatermark, nowMs).DirtyRatio;

    public void UpdateSettings(LogSettings settings) => _state.Settings = settings;

    /// <summary>Syncs and notes it, so that the log opens without being read, and closes the files.</summary>
    public async ValueTask CloseAsync()
    {
        if (_state.IsClosed)
            return;
        await TurnAsync(() =>
        {
            _state.Active.CutRoom();
            return ValueTask.CompletedTask;
        });
        do
            await _sync.CheckpointAsync();
        while (_state.Failure is null && _state.SyncedEnd < _state.LogEnd);
        Dispose();
    }

    /// <summary>Closes the files as they are, as after a failure.</summary>
    public void Dispose()
    {
        _state.IsClosed = true;
        foreach (var segment in _state.Segments)
            segment.Close();
    }

    /// <summary>Removes the log from the disk.</summary>
    public ValueTask DeleteAsync() => TurnAsync(() => new LogSwap(_state, _sync).DeleteAsync());

    private ValueTask ChangeAsync(Func<ValueTask> change) => TurnAsync(async () =>
    {
        _state.IsChanging = true;
        await change();
        _state.IsChanging = false;
    });

    // One change of the files at a time. An error of the disk ends all.
    private ValueTask TurnAsync(Func<ValueTask> work) => _turns.RunAsync(async () =>
    {
        _state.ThrowIfUnusable();
        try
        {
            await work();
        }
        catch (IOException e)
        {
            throw _state.Fail(e);
        }
    });

    private string? Unusable() => _state.Failure is { } failure ? failure.Message
        : _state.IsClosed ? $"{TopicPartition} is closed"
        : _state.IsChanging ? $"{TopicPartition} is being truncated" : null;
}
