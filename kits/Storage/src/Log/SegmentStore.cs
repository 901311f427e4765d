using Microcosm.Runtime;

namespace Microcosm.Storage;

/// <summary>
/// A log's files. Invariants: a segment's file has its header and its name durable before a record is in it; a segment is synced whole
/// before the next one gets a name, so only the last can have a torn tail; segments follow each other without a gap; what is below the
/// state's first sequence number may be gone, what is above is there. Only the last segment is written; calls that await come one at a
/// time.
/// </summary>
internal sealed class SegmentStore(IDisk disk, string folder, LogOptions options, LogState state) : IDisposable
{
    private readonly List<Segment> _segments = [];
    private IDiskFile? _file;

    // What the last mark in the last segment says.
    private long _marked;

    /// <summary>In order; the last one is written.</summary>
    public IReadOnlyList<Segment> Segments => _segments;

    public Segment Active => _segments[^1];

    /// <summary>The state's: records below are gone for good.</summary>
    public long First => state.First;

    public LogOptions Options => options;

    /// <summary>Counts changes that take bytes back, so that readers forget what they hold.</summary>
    public int Cuts { get; private set; }

    /// <summary>Takes over what recovery found; <paramref name="file"/> is the last segment's.</summary>
    public void Recovered(IEnumerable<Segment> segments, IDiskFile file, long marked)
    {
        _segments.AddRange(segments);
        (_file, _marked) = (file, marked);
    }

    public IDiskFile Open(Segment segment) => disk.Open(segment.Path, DiskOpen.Existing);

    /// <summary>The segment that holds a record.</summary>
    public Segment Find(long sequence)
    {
        var (low, high) = (0, _segments.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (_segments[middle].First <= sequence)
                low = middle;
            else
                high = middle - 1;
        }
        return _segments[low];
    }

    /// <summary>Verifies a segment that was not read yet. Throws <see cref="DamagedFileException"/>.</summary>
    public void Index(Segment segment)
    {
        if (segment.IsIndexed)
            return;
        using var file = Open(segment);
        var next = segment.Next;
        var scan = new SegmentScan(segment, file, options.IndexBytes);
        scan.Run();
        var fault = scan.Fault ?? (segment.Next == next ? null : $"records {segment.Next} to {next - 1} are missing");
        if (fault is null)
            return;
        var position = segment.Length;
        segment.Forget();
        segment.Next = next;
        throw new DamagedFileException(segment.Path, position, fault);
    }

    /// <summary>True if the first pending record has room in the last segment.</summary>
    public bool HasRoom(PendingRecords pending) =>
        Active.IsEmpty || pending.Fitting(options.SegmentBytes - Active.Length - Frame.MarkBytes) > 0;

    /// <summary>Writes as many pending records as have room, at least one, in one piece.</summary>
    public void Write(PendingRecords pending, long durableNext)
    {
        var segment = Active;
        Invariant.Check(pending.First == segment.Next);
        var count = Math.Max(1, pending.Fitting(options.SegmentBytes - segment.Length - Frame.MarkBytes));
        var withMark = durableNext > _marked;
        var bytes = pending.Front(count, withMark);
        var (offset, sequence) = (segment.Length, segment.Next);
        var at = 0;
        if (withMark)
        {
            Frame.WriteMark(bytes, segment.Salt, offset, sequence, durableNext);
            at = Frame.MarkBytes;
        }
        while (at < bytes.Length)
        {
            Frame.TryReadHeader(bytes[at..], out var length, out _);
            Frame.Seal(bytes.Slice(at, Frame.HeaderBytes + length), segment.Salt, offset + at, sequence);
            segment.Note(sequence++, offset + at, options.IndexBytes);
            at += Frame.HeaderBytes + length;
        }
        if (Bug.IsPlanted("log/torn-tail-kept"))
            offset = _file!.Length;
        _file!.Write(offset, bytes);
        (segment.Length, segment.Next, _marked) = (offset + bytes.Length, sequence, withMark ? durableNext : _marked);
        pending.Consume(count);
    }

    /// <summary>Says at the log's end that all of it is durable. For a clean end: later damage cannot look like a torn tail then.</summary>
    public void WriteMark(long durableNext)
    {
        if (durableNext <= _marked)
            return;
        Span<byte> mark = stackalloc byte[Frame.MarkBytes];
        Frame.WriteMark(mark, Active.Salt, Active.Length, Active.Next, durableNext);
        _file!.Write(Active.Length, mark);
        Active.Length += mark.Length;
        _marked = durableNext;
    }

    /// <summary>Makes the last segment durable, up to what was written before the call.</summary>
    public ValueTask SyncAsync() => _file!.SyncAsync();

    /// <summary>Ends the last segment and begins the next.</summary>
    public async ValueTask RotateAsync()
    {
        if (!Bug.IsPlanted("log/sealed-before-sync"))
            await _file!.SyncAsync();
        await CreateAsync(Active.Next);
    }

    /// <summary>
    /// Removes the records from <paramref name="from"/> on, durably: whole segments from the last one back, each name synced before the
    /// next goes, so that no gap comes about; then the rest of the one that holds it.
    /// </summary>
    public async ValueTask CutAsync(long from)
    {
        while (_segments.Count > 1 && Active.First >= from)
        {
            var last = Active;
            _segments.RemoveAt(_segments.Count - 1);
            Index(Active);
            _file!.Dispose();
            _file = Open(Active);
            disk.Delete(last.Path);
            await disk.SyncNamesAsync();
        }
        using (var cursor = new RecordCursor(this))
            Active.Cut(from, Active.Next > from ? cursor.OffsetOf(from) : Active.Length);
        Cuts++;
        _file!.SetLength(Active.Length);
        _marked = Math.Min(_marked, Active.First);
        if (!Bug.IsPlanted("log/cut-not-durable"))
            await _file.SyncAsync();
    }

    /// <summary>Drops everything: the log begins anew, empty, at <paramref name="first"/>.</summary>
    public async ValueTask RestartAsync(long first)
    {
        Cuts++;
        var before = _segments.ToArray();
        await state.SaveFirstAsync(first);
        await CreateAsync(first);
        foreach (var segment in before)
            disk.Delete(segment.Path);
        _segments.RemoveAll(s => before.Contains(s));
    }

    /// <summary>
    /// Moves the log's beginning and deletes the segments that are wholly below. The state goes first: whichever deletions survive a
    /// crash, recovery does the rest.
    /// </summary>
    public async ValueTask DropBelowAsync(long first)
    {
        if (!Bug.IsPlanted("log/deleted-before-state"))
            await state.SaveFirstAsync(first);
        while (_segments.Count > 1 && _segments[1].First <= first)
        {
            disk.Delete(_segments[0].Path);
            _segments.RemoveAt(0);
        }
        if (Bug.IsPlanted("log/deleted-before-state"))
            await state.SaveFirstAsync(first);
    }

    /// <summary>Makes the next segment's file; it is durable, and empty, when the call completes.</summary>
    public async ValueTask CreateAsync(long first)
    {
        var segment = new Segment(Segment.PathOf(folder, first), first, await state.NextIdAsync()) { IsIndexed = true };
        var file = disk.Open(segment.Path, DiskOpen.Truncate);
        file.Write(0, HeaderOf(segment));
        await file.SyncAsync();
        if (!Bug.IsPlanted("log/names-not-synced"))
            await disk.SyncNamesAsync();
        _file?.Dispose();
        _file = file;
        _segments.Add(segment);
        _marked = first;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file?.Dispose();
        state.Dispose();
    }

    private static byte[] HeaderOf(Segment segment)
    {
        var header = new byte[SegmentHeader.Bytes];
        SegmentHeader.Write(header, segment.First, segment.Id);
        return header;
    }
}
