using Microcosm.Runtime;
using Microcosm.Storage;

namespace Microcosm.Kafka;

/// <summary>
/// One file of batches as they were sent, named by the first offset that it may hold, as Kafka's, with its indexes. Invariants: the batches
/// from 0 to <see cref="Size"/> follow one another without gap, their offsets grow; index entries point at batches below
/// <see cref="Size"/>.
/// </summary>
internal sealed class LogSegment
{
    /// <summary>What a file is called until a cleaning swaps it in.</summary>
    public const string CleanedSuffix = ".cleaned";

    private readonly LogFiles _files;
    private readonly string _folder;
    private readonly UnsyncedFiles _unsynced;
    private int _bytesSinceIndex;
    private (long Timestamp, long Offset)? _max;
    private long? _firstTimestamp;
    private bool _isMended;

    public LogSegment(LogFiles files, string folder, long baseOffset, UnsyncedFiles unsynced, string suffix = "")
    {
        (_files, _folder, BaseOffset, _unsynced) = (files, folder, baseOffset, unsynced);
        Log = File(LogNames.Log, suffix);
        Offsets = new OffsetIndex(File(LogNames.OffsetIndex, suffix), baseOffset);
        Times = new TimeIndex(File(LogNames.TimeIndex, suffix), baseOffset);
        Aborted = new AbortedIndex(File(LogNames.AbortedIndex, suffix));
    }

    public long BaseOffset { get; }

    /// <summary>Bytes of batches.</summary>
    public int Size { get; private set; }

    /// <summary>Where the zeros end that <see cref="MakeRoomAsync"/> put behind the batches, at most.</summary>
    public int RoomEnd { get; private set; }

    public LogFile Log { get; }

    public OffsetIndex Offsets { get; }

    public TimeIndex Times { get; }

    public AbortedIndex Aborted { get; }

    /// <summary>When the last batch was appended, or the log opened: the age of records without timestamps.</summary>
    public long ChangedMs { get; set; }

    /// <summary>The largest timestamp, and the last offset of the first batch that has it; -1 and -1 if no record has one.</summary>
    public (long Timestamp, long Offset) Max
    {
        get
        {
            if (_max is null)
                MendIndex();
            return _max ??= Times.Last ?? (RecordBatch.NoTimestamp, -1);
        }
    }

    /// <summary>The largest timestamp, or when the segment was last changed.</summary>
    public long LargestTimestamp => Max.Timestamp >= 0 ? Max.Timestamp : ChangedMs;

    /// <summary>Largest timestamp of the first batch, or -1.</summary>
    public long FirstTimestamp
    {
        get
        {
            if (_firstTimestamp is null && Size > 0)
            {
                using var cursor = new BatchCursor(Log, 0, Size, headersOnly: true, RecordBatch.HeaderBytes);
                _firstTimestamp = cursor.TryNext(out var first) ? first.MaxTimestamp : RecordBatch.NoTimestamp;
            }
            return _firstTimestamp ?? RecordBatch.NoTimestamp;
        }
    }

    /// <summary>All of its files, by name, whether they are there or not.</summary>
    public IEnumerable<LogFile> AllFiles => [Log, Offsets.Entries.File, Times.Entries.File, Aborted.Entries.File];

    private IEnumerable<IndexFile> Indexes => [Offsets.Entries, Times.Entries, Aborted.Entries];

    /// <summary>Says that no file of it is there yet.</summary>
    public LogSegment AsNew(long nowMs)
    {
        Load(new SegmentState(BaseOffset, 0, 0, 0, 0), (RecordBatch.NoTimestamp, -1), nowMs);
        return this;
    }

    /// <summary>What a checkpoint says of it.</summary>
    public SegmentState ToState() => new(BaseOffset, Size, Offsets.Entries.Count, Times.Entries.Count, Aborted.Entries.Count);

    /// <summary>Makes all of its files, empty, so that each takes the place of an older one when they are renamed.</summary>
    public void MakeFiles(long nowMs)
    {
        AsNew(nowMs);
        foreach (var file in AllFiles)
        {
            file.Replace([]);
            _unsynced.Add(file, isNew: true);
        }
    }

    /// <summary>Takes over what is on the disk as far as <paramref name="state"/> goes; what is behind it is none of its.</summary>
    /// <param name="max">Largest timestamp, if it is known.</param>
    public void Load(SegmentState state, (long Timestamp, long Offset)? max, long nowMs)
    {
        Invariant.Check(state.BaseOffset == BaseOffset);
        (Size, _max, ChangedMs) = (state.Size, max, nowMs);
        Offsets.Entries.SetCount(state.OffsetEntries);
        Times.Entries.SetCount(state.TimeEntries);
        Aborted.Entries.SetCount(state.AbortedEntries);
    }

    /// <summary>Writes batches behind the last one.</summary>
    public void Append(ReadOnlySpan<byte> batches, int indexIntervalBytes)
    {
        Invariant.Check((long)Size + batches.Length <= int.MaxValue);
        _unsynced.Add(Log, Log.Write(Size, batches));
        while (RecordBatch.TryRead(batches, out var batch))
        {
            Adopt(batch, indexIntervalBytes);
            batches = batches[batch.SizeBytes..];
        }
        Invariant.Check(batches.IsEmpty);
    }

    /// <summary>Takes a batch that lies in the file behind the last one: into size, indexes and times. Its header is enough.</summary>
    public void Adopt(in RecordBatch batch, int indexIntervalBytes)
    {
        if (Size == 0)
            _firstTimestamp = batch.MaxTimestamp;
        if (batch.MaxTimestamp > Max.Timestamp)
            _max = (batch.MaxTimestamp, batch.LastOffset);
        if (_bytesSinceIndex > indexIntervalBytes)
        {
            if (Offsets.Add(batch.LastOffset, Size))
                Write(Offsets.Entries);
            if (Times.Add(Max.Timestamp, Max.Offset))
                Write(Times.Entries);
            _bytesSinceIndex = 0;
        }
        _bytesSinceIndex += batch.SizeBytes;
        Size += batch.SizeBytes;
    }

    public void AddAborted(AbortedTransaction aborted)
    {
        Aborted.Add(aborted);
        Write(Aborted.Entries);
    }

    /// <summary>Writes what of the indexes waits in memory.</summary>
    public void WriteIndexes()
    {
        foreach (var index in Indexes)
        {
            if (index.HasWaiting)
                Write(index);
        }
    }

    /// <summary>No batch will follow: the last time is put down, room and memory given back.</summary>
    public void Seal()
    {
        CutRoom();
        if (Size > 0)
            Times.Add(Max.Timestamp, Max.Offset);
        WriteIndexes();
        foreach (var index in Indexes)
            index.Seal();
    }

    /// <summary>Forgets batches from <paramref name="position"/> on, which begin at <paramref name="offset"/>; the file is cut by
    /// <see cref="CutFile"/>.</summary>
    public void TruncateTo(int position, long offset)
    {
        Invariant.Check(position <= Size);
        if (!Bug.IsPlanted("kafka/index-not-truncated"))
            Offsets.TruncateTo(position);
        Times.TruncateTo(offset);
        Aborted.TruncateTo(offset);
        (Size, _bytesSinceIndex) = (position, 0);
        if (position == 0)
            _firstTimestamp = null;
        _max = Times.Last ?? (RecordBatch.NoTimestamp, -1);
        // Behind the last entry of the time index a later one may lie.
        using var cursor = new BatchCursor(Log, Offsets.Lookup(_max.Value.Offset), Size, headersOnly: true, 4096);
        while (cursor.TryNext(out var batch))
        {
            if (batch.MaxTimestamp > _max.Value.Timestamp)
                _max = (batch.MaxTimestamp, batch.LastOffset);
        }
    }

    /// <summary>Cuts the files behind what counts.</summary>
    public void CutFile()
    {
        if (Log.Length > Size)
        {
            Log.SetLength(Size);
            _unsynced.Add(Log);
        }
        RoomEnd = 0;
        CutIndexes();
    }

    /// <summary>Fills the file with zeros up to a position behind the last batch; completes when they are durable.</summary>
    public ValueTask MakeRoomAsync(int end)
    {
        RoomEnd = end;
        return Log.MakeRoomAsync(end);
    }

    /// <summary>Cuts the room behind the last batch.</summary>
    public void CutRoom()
    {
        if (RoomEnd > Size)
        {
            Log.SetLength(Size);
            _unsynced.Add(Log);
        }
        RoomEnd = 0;
    }

    /// <summary>Cuts the indexes' files behind the entries that count.</summary>
    public void CutIndexes()
    {
        foreach (var index in Indexes)
            Write(index);
    }

    /// <summary>Where the first batch lies whose last offset is not below <paramref name="offset"/>; <see cref="Size"/> if none
    /// does.</summary>
    public int Find(long offset, out long batchOffset)
    {
        MendIndex();
        using var cursor = new BatchCursor(Log, Offsets.Lookup(offset), Size, headersOnly: true, 8192);
        while (cursor.TryNext(out var batch))
        {
            if (batch.LastOffset < offset)
                continue;
            batchOffset = batch.BaseOffset;
            return (int)cursor.Position;
        }
        if (!cursor.IsAtEnd)
            throw new DamagedFileException(Log.Path, cursor.NextPosition, "no batch lies there");
        batchOffset = -1;
        return Size;
    }

    public void Close()
    {
        foreach (var file in AllFiles)
            file.Close();
    }

    public void Delete()
    {
        foreach (var file in AllFiles)
        {
            _unsynced.Forget(file.Path);
            file.Delete();
        }
        _unsynced.HasNames = true;
    }

    private LogFile File(string kind, string suffix) => new(_files, LogNames.Of(_folder, BaseOffset, kind) + suffix);

    // Somebody took the index away.
    private void MendIndex()
    {
        if (_isMended)
            return;
        _isMended = true;
        if (Offsets.Entries.IsIntact && Times.Entries.IsIntact)
            return;
        var size = Size;
        Offsets.Entries.SetCount(0);
        Times.Entries.SetCount(0);
        (Size, _bytesSinceIndex, _max) = (0, 0, (RecordBatch.NoTimestamp, -1));
        using var cursor = new BatchCursor(Log, 0, size, headersOnly: true);
        while (cursor.TryNext(out var batch))
            Adopt(batch, 4096);
        Size = size;
        Times.Add(Max.Timestamp, Max.Offset);
        CutIndexes();
    }

    private void Write(IndexFile index)
    {
        var (isWritten, isNew) = index.Write();
        if (isWritten)
            _unsynced.AddDerived(index.File, isNew);
    }
}
