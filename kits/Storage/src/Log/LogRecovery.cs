using Microcosm.Runtime;

namespace Microcosm.Storage;

/// <summary>
/// Makes a log of what is on the disk. A tail that a crash tore is cut; damage is refused before anything is changed. What it returns is
/// durable.
/// </summary>
internal sealed class LogRecovery(IDisk disk, string folder, LogOptions options, LogState state)
{
    private const int CopyBytes = 64 << 10;

    // Below the log's beginning, or never finished.
    private readonly List<string> _dead = [];

    public async ValueTask<SegmentStore> RunAsync()
    {
        var store = new SegmentStore(disk, folder, options, state);
        var segments = ReadHeaders(ListNames());
        if (segments.Count > 0)
            await RecoverAsync(store, segments);
        foreach (var path in _dead)
            disk.Delete(path);
        await disk.SyncNamesAsync();
        if (segments.Count == 0)
            await store.CreateAsync(state.First);
        else if (store.Active.Next < state.First)
            await store.RestartAsync(state.First);
        return store;
    }

    private List<(string Path, long First)> ListNames()
    {
        List<(string Path, long First)> names = [];
        foreach (var path in disk.List(folder + "/"))
        {
            if (Segment.TryParse(folder, path, out var first))
                names.Add((path, first));
        }
        // A truncation that a crash cut short: the state went first.
        while (names.Count > 1 && names[1].First <= state.First)
        {
            _dead.Add(names[0].Path);
            names.RemoveAt(0);
        }
        if (names.Count > 0 && !state.IsThere)
            throw new DamagedFileException(folder + "/state.a", 0, "the log has segments and no state");
        return names;
    }

    private List<Segment> ReadHeaders(List<(string Path, long First)> names)
    {
        List<Segment> segments = [];
        foreach (var (path, first) in names)
        {
            using var file = disk.Open(path, DiskOpen.Existing);
            var window = new FileWindow();
            window.Reset(file);
            var fault = SegmentHeader.Read(window.At(0, SegmentHeader.Bytes), out var firstInside, out var id);
            // Records come into a file only after its header was synced, so this one was just being made.
            if (fault is not null && path == names[^1].Path && file.Length <= SegmentHeader.Bytes)
            {
                _dead.Add(path);
                continue;
            }
            if (fault is null && first != firstInside)
                fault = $"its first record is {firstInside}, not {first}";
            if (fault is not null)
                throw new DamagedFileException(path, 0, fault);
            segments.Add(new Segment(path, first, id));
        }
        for (var i = 0; i + 1 < segments.Count; i++)
            segments[i].Next = segments[i + 1].First;
        if (segments.Count > 0 && segments[0].First > state.First)
            throw new DamagedFileException(segments[0].Path, 0, $"the records from {state.First} on, which stand before it, are missing");
        return segments;
    }

    private async ValueTask RecoverAsync(SegmentStore store, List<Segment> segments)
    {
        if (options.VerifiesAll)
        {
            foreach (var segment in segments.SkipLast(1))
                store.Index(segment);
        }
        var last = segments[^1];
        var file = store.Open(last);
        try
        {
            var scan = new SegmentScan(last, file, options.IndexBytes);
            scan.Run();
            if (scan.Fault is { } fault && scan.IsDamage())
                throw new DamagedFileException(last.Path, last.Length, $"{fault}, and it had been synced");
            await MendAsync(last, file, scan.DurableNext);
            store.Recovered(segments, file, scan.DurableNext);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    // What was not known to be synced is written again, in place: it may be in the page cache only, also after a sync that failed, which a
    // second sync would not repeat (Rebello et al., ATC 2020).
    private static async ValueTask MendAsync(Segment last, IDiskFile file, long durableNext)
    {
        var from = last.Floor(durableNext).Offset;
        var buffer = new byte[CopyBytes];
        for (var at = from == SegmentHeader.Bytes ? 0 : from; at < last.Length;)
        {
            var read = file.Read(at, buffer.AsSpan(0, (int)Math.Min(buffer.Length, last.Length - at)));
            if (read == 0)
                throw new IOException($"{last.Path} ends at {at}; it was longer a moment ago");
            file.Write(at, buffer.AsSpan(0, read));
            at += read;
        }
        if (file.Length > last.Length && !Bug.IsPlanted("log/torn-tail-kept"))
            file.SetLength(last.Length);
        await file.SyncAsync();
    }
}
