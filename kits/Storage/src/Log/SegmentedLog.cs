using Microcosm.Runtime;

namespace Microcosm.Storage;

/// <summary>
/// An append-only log of opaque records, numbered from 1 without gaps, in files of limited size. Changes
/// (<see cref="Append(ReadOnlySpan{byte})"/>, <see cref="TruncateSuffix"/>, <see cref="TruncatePrefix"/>) count at once and wait in memory;
/// <see cref="CommitAsync"/> makes all of them durable, in their order, with one write and one sync for all that wait. After a crash the
/// log is as it was after some change: never before the last one that was acknowledged; a truncation of a suffix whose commit was cut short
/// may have removed fewer records than asked, from the end. For one executor, like everything of a node. After a failed write or sync every
/// call but reads of durable records throws <see cref="PoisonedException"/>, until the log is opened again from the disk.
/// </summary>
public sealed class SegmentedLog : IDisposable
{
    private const long None = long.MaxValue;

    private readonly string _folder;
    private readonly SegmentStore _store;
    private readonly RecordCursor _cursor;
    private readonly PendingRecords _pending;

    // Changes that the files do not show yet, in this order: the cut, the restart, the pending records.
    private long _cut = None;
    private long _restart = None;

    // The records that those who wait now wait for end here: what comes later must not hold them up.
    private long _applyTo;

    // What the sync under way, or the last one, covers.
    private long _writes;
    private long _syncedWrites;
    private (long Writes, long First, long Next) _covered;

    // Those who wait: for the sync or write under way, and for the next.
    private TaskCompletionSource? _syncing;
    private TaskCompletionSource? _writing;
    private TaskCompletionSource? _nextSync;
    private TaskCompletionSource? _nextWrite;
    private bool _isRunning;
    private bool _isApplying;
    private bool _isClosed;
    private Exception? _failure;

    private SegmentedLog(string folder, SegmentStore store)
    {
        (_folder, _store) = (folder, store);
        _cursor = new RecordCursor(store);
        _pending = new PendingRecords(store.Active.Next);
        First = store.First;
        DurableNext = Next;
        _covered = (0, First, Next);
    }

    /// <summary>Sequence number of the first record that was not truncated.</summary>
    public long First { get; private set; }

    /// <summary>Sequence number that the next record gets.</summary>
    public long Next => _pending.Next;

    /// <summary>Records below this number survive a crash; those from here on may not.</summary>
    public long DurableNext { get; private set; }

    /// <summary>The largest record that <see cref="Append(ReadOnlySpan{byte})"/> takes, in bytes.</summary>
    public int RecordBytesMax => _store.Options.RecordBytesMax;

    /// <summary>Number of files, for Inside views and tests.</summary>
    public int SegmentCount => _store.Segments.Count;

    private bool IsApplied => _pending.Count == 0 && _cut == None && _restart == None;

    /// <summary>
    /// Opens the log in <paramref name="folder"/>, or makes it, and recovers it: a torn tail is cut. Throws
    /// <see cref="DamagedFileException"/>, and changes nothing, when synced records are damaged or missing.
    /// </summary>
    public static async ValueTask<SegmentedLog> OpenAsync(IDisk disk, string folder, LogOptions? options = null)
    {
        options ??= new LogOptions();
        options.Check();
        var state = await LogState.OpenAsync(disk, folder);
        try
        {
            return new SegmentedLog(folder, await new LogRecovery(disk, folder, options, state).RunAsync());
        }
        catch
        {
            state.Dispose();
            throw;
        }
    }

    /// <summary>Adds a record, which may be empty, and returns its sequence number. Nothing is written before a commit or write.
    /// Throws <see cref="ArgumentException"/> for a record over the limit, <see cref="InvalidOperationException"/> when too much
    /// waits.</summary>
    public long Append(ReadOnlySpan<byte> record) => Append(record, default);

    /// <summary>Adds a record that consists of two parts.</summary>
    public long Append(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        ThrowIfUnusable();
        var length = (long)head.Length + body.Length;
        if (length > RecordBytesMax)
            throw new ArgumentException($"{_folder}: a record of {length} bytes is over the limit of {RecordBytesMax}");
        if (_pending.Bytes + length + Frame.HeaderBytes > _store.Options.PendingBytesMax)
            throw new InvalidOperationException($"{_folder}: {_pending.Bytes} bytes wait to be written; the disk is behind");
        return _pending.Append(head, body);
    }

    /// <summary>Takes back the records from <paramref name="from"/> on; their numbers are given again. Durable after a commit, before
    /// any record that is appended later.</summary>
    public void TruncateSuffix(long from)
    {
        ThrowIfUnusable();
        if (from < First || from > Next)
            throw new ArgumentOutOfRangeException(nameof(from), from, $"{_folder} has the records {First} to {Next - 1}");
        _applyTo = Math.Min(_applyTo, from);
        if (from >= _pending.First)
        {
            _pending.CutFrom(from);
            return;
        }
        _pending.Restart(from);
        _cut = Math.Min(_cut, from);
        DurableNext = Math.Min(DurableNext, from);
        // The sync under way is for the old records of these numbers.
        _covered.Next = Math.Min(_covered.Next, from);
    }

    /// <summary>Takes back the records below <paramref name="to"/>; whole files are deleted after a commit. Beyond the end, the log is
    /// empty then and goes on at <paramref name="to"/>, as after a snapshot that was received. Nothing happens if they are gone
    /// already.</summary>
    public void TruncatePrefix(long to)
    {
        ThrowIfUnusable();
        if (to <= First)
            return;
        if (to > Next)
        {
            _pending.Restart(to);
            _restart = to;
        }
        First = to;
    }

    /// <summary>
    /// Completes when every change made before the call survives a crash. Commits that come together, or while a sync is under way, share
    /// the next one.
    /// </summary>
    public ValueTask CommitAsync()
    {
        if (Unusable() is { } unusable)
            return ValueTask.FromException(unusable);
        if (IsApplied && _covered.Writes == _writes && _covered.First == First)
            return _syncing is { } underWay ? new ValueTask(underWay.Task) : ValueTask.CompletedTask;
        var group = _nextSync ??= new TaskCompletionSource();
        Start();
        return new ValueTask(group.Task);
    }

    /// <summary>Completes when what was appended is handed to the disk, where the death of this process does not harm it, but a crash of
    /// the machine does.</summary>
    public ValueTask WriteAsync()
    {
        if (Unusable() is { } unusable)
            return ValueTask.FromException(unusable);
        if (!_isApplying && _cut == None && _restart == None)
            WriteNow();
        if (Unusable() is { } failed)
            return ValueTask.FromException(failed);
        if (IsApplied)
            return ValueTask.CompletedTask;
        var group = _nextWrite ??= new TaskCompletionSource();
        Start();
        return new ValueTask(group.Task);
    }

    /// <summary>
    /// Returns a record's length, and copies it if <paramref name="buffer"/> has room; if not, the buffer is left alone. Throws
    /// <see cref="ArgumentOutOfRangeException"/> for a record that is not there, <see cref="DamagedFileException"/> for one that is not
    /// what was written.
    /// </summary>
    public int Read(long sequence, Span<byte> buffer)
    {
        var record = Find(sequence, _cursor);
        if (record.Length <= buffer.Length)
            record.CopyTo(buffer);
        return record.Length;
    }

    /// <summary>A reader that begins at <paramref name="sequence"/>.</summary>
    public LogReader ReadFrom(long sequence) => new(this, new RecordCursor(_store), sequence);

    /// <summary>Commits, and ends the log so that any later damage is told from a torn tail.</summary>
    public async ValueTask CloseAsync()
    {
        do
            await CommitAsync();
        while (_nextSync is not null || _nextWrite is not null || !IsApplied);
        _isClosed = true;
        _store.WriteMark(DurableNext);
        await _store.SyncAsync();
        Dispose();
    }

    /// <summary>Closes the files; what was not committed may be lost.</summary>
    public void Dispose()
    {
        _isClosed = true;
        _cursor.Dispose();
        _store.Dispose();
    }

    /// <summary>A record's bytes, by way of a cursor, valid until its next call or a change of the log.</summary>
    internal ReadOnlySpan<byte> Find(long sequence, RecordCursor cursor)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        if (sequence < First || sequence >= Next)
            throw new ArgumentOutOfRangeException(nameof(sequence), sequence, $"{_folder} has the records {First} to {Next - 1}");
        if (_failure is not null && sequence >= DurableNext)
            throw _failure;
        return sequence >= _pending.First ? _pending[sequence] : cursor.Read(sequence);
    }

    private void Start()
    {
        if (!_isRunning)
            Run();
    }

    // One at a time, on the log's executor. async void: all that wait are told of disk errors; anything else is a bug and ends the node.
    private async void Run()
    {
        _isRunning = true;
        try
        {
            while (_nextSync is not null || _nextWrite is not null)
            {
                (_syncing, _writing) = (Take(ref _nextSync), Take(ref _nextWrite));
                var first = First;
                _applyTo = Next;
                await ApplyAsync();
                // What is changed from here on the sync does not cover.
                if (_syncing is not null)
                    _covered = (_writes, first, _pending.First);
                Take(ref _writing)?.SetResult();
                if (_syncing is not null)
                    await SyncAsync();
            }
        }
        catch (Exception e) when (e is IOException or DamagedFileException)
        {
            Poison(e);
        }
        _isRunning = false;
    }

    // Brings the files up to the changes that are waited for; more may come meanwhile.
    private async ValueTask ApplyAsync()
    {
        _isApplying = true;
        while (_cut != None || _restart != None || _pending.First < _applyTo)
        {
            if (_cut is not None and var cut)
            {
                await _store.CutAsync(cut);
                if (_cut == cut)
                    _cut = None;
            }
            else if (_restart is not None and var restart)
            {
                await _store.RestartAsync(restart);
                if (_restart == restart)
                    _restart = None;
            }
            else if (_store.HasRoom(_pending))
            {
                Write();
            }
            else
            {
                await _store.RotateAsync();
            }
        }
        _isApplying = false;
    }

    private async ValueTask SyncAsync()
    {
        var (writes, first, _) = _covered;
        if (writes != _syncedWrites)
            await _store.SyncAsync();
        _syncedWrites = writes;
        var covered = Bug.IsPlanted("log/commit-covers-later-writes") ? Next : _covered.Next;
        DurableNext = Math.Max(DurableNext, covered);
        if (first > _store.First)
            await _store.DropBelowAsync(first);
        Take(ref _syncing)!.SetResult();
        if (Bug.IsPlanted("log/commit-covers-later-writes"))
            Take(ref _nextSync)?.SetResult();
    }

    private void WriteNow()
    {
        try
        {
            while (_pending.Count > 0 && _store.HasRoom(_pending))
                Write();
        }
        catch (IOException e)
        {
            Poison(e);
        }
    }

    private void Write()
    {
        // Before the write: one that fails may have reached the disk in part.
        _writes++;
        _store.Write(_pending, DurableNext);
    }

    private void Poison(Exception cause)
    {
        _failure ??= cause is DamagedFileException ? cause : new PoisonedException(_folder, cause);
        Take(ref _syncing)?.SetException(_failure);
        Take(ref _writing)?.SetException(_failure);
        Take(ref _nextSync)?.SetException(_failure);
        Take(ref _nextWrite)?.SetException(_failure);
    }

    private Exception? Unusable() => _failure ?? (_isClosed ? new ObjectDisposedException(_folder) : null);

    private void ThrowIfUnusable()
    {
        if (Unusable() is { } unusable)
            throw unusable;
    }

    private static TaskCompletionSource? Take(ref TaskCompletionSource? group)
    {
        var taken = group;
        group = null;
        return taken;
    }
}
