using Google.Protobuf;
using Microcosm.Chubby.Etcd.Protocol;
using Microcosm.Runtime;

namespace Microcosm.Chubby.Etcd;

/// <summary>
/// All watches of a member. Invariants: a watch sees every change that it asks for once, in the order of revisions, those of one revision
/// together; one that falls behind a compaction is told so and ends.
/// </summary>
/// <param name="store">The member's state.</param>
/// <param name="header">Makes a header for a revision.</param>
/// <param name="fragmentBytes">Responses beyond are cut where the watch asks for it.</param>
internal sealed class WatchHub(EtcdStore store, Func<long, ResponseHeader> header, int fragmentBytes)
{
    // As etcd's watchBatchMaxRevs.
    private const int CatchUpRevisions = 1000;

    private readonly Dictionary<ByteString, List<Watcher>> _byKey = [];
    private readonly List<Watcher> _ranges = [];
    private readonly List<Watcher> _matched = [];
    private readonly HashSet<Watcher> _unsynced = [];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>All, those of ranges first.</summary>
    public IEnumerable<Watcher> All => _ranges.Concat(_byKey.Values.SelectMany(l => l));

    /// <summary>How many are behind.</summary>
    public int UnsyncedCount => _unsynced.Count;

    /// <summary>Begins a watch; what it asks for of the past comes at once, as far as its sink takes it.</summary>
    /// <param name="watcher">New.</param>
    /// <param name="startRevision">First revision to see; 0 for the next one.</param>
    public void Add(Watcher watcher, long startRevision)
    {
        Count++;
        ListOf(watcher.Range).Add(watcher);
        watcher.NextRevision = startRevision > 0 ? startRevision : store.Keys.Revision + 1;
        watcher.IsSynced = watcher.NextRevision > store.Keys.Revision;
        if (watcher.IsSynced)
            return;
        _unsynced.Add(watcher);
        CatchUp(watcher);
    }

    public void Remove(Watcher watcher)
    {
        var list = ListOf(watcher.Range);
        if (!list.Remove(watcher))
            return;
        Count--;
        _unsynced.Remove(watcher);
        if (watcher.Range.IsOne && list.Count == 0)
            _byKey.Remove(watcher.Range.Key);
    }

    /// <summary>A revision has come.</summary>
    public void Changed(IReadOnlyList<KeyVersion> versions)
    {
        foreach (var version in versions)
        {
            if (_byKey.TryGetValue(version.Kv.Key, out var watchers))
                Match(watchers, version);
            Match(_ranges, version);
        }
        var revision = versions[0].Main;
        foreach (var watcher in _matched)
        {
            if (watcher.Sink.IsFull)
            {
                (watcher.IsSynced, watcher.NextRevision) = (false, revision);
                _unsynced.Add(watcher);
            }
            else
            {
                Tell(watcher, watcher.Matched, revision);
                watcher.NextRevision = revision + 1;
            }
            watcher.Matched.Clear();
        }
        _matched.Clear();
    }

    /// <summary>A sink has room again.</summary>
    public void CatchUp(IWatchSink sink)
    {
        if (_unsynced.Count == 0)
            return;
        foreach (var watcher in _unsynced.Where(w => w.Sink == sink).OrderBy(w => w.Id).ToList())
            CatchUp(watcher);
    }

    /// <summary>Tells quiet watches that ask for it how far they are; to be called now and then.</summary>
    public void NotifyProgress()
    {
        foreach (var watcher in All.Where(w => w is { WantsProgress: true, IsSynced: true }))
        {
            if (!watcher.IsTold)
                watcher.Sink.Take(new WatchResponse { Header = header(store.Keys.Revision), WatchId = watcher.Id });
            watcher.IsTold = false;
        }
    }

    /// <summary>The state is another one: all watches look at its log, from where they are; those that were told all, behind revision
    /// <paramref name="seen"/>.</summary>
    public void Restored(long seen)
    {
        foreach (var watcher in All.OrderBy(w => w.Id).ToList())
        {
            if (Bug.IsPlanted("etcd/watch-misses-what-a-snapshot-brought"))
                return;
            if (watcher.IsSynced)
                watcher.NextRevision = Math.Max(watcher.NextRevision, seen + 1);
            watcher.IsSynced = false;
            _unsynced.Add(watcher);
            CatchUp(watcher);
        }
    }

    private void Match(List<Watcher> watchers, KeyVersion version)
    {
        foreach (var watcher in watchers)
        {
            if (!watcher.IsSynced || !watcher.Wants(version))
                continue;
            if (watcher.Matched.Count == 0)
                _matched.Add(watcher);
            watcher.Matched.Add(version);
        }
    }

    private void CatchUp(Watcher watcher)
    {
        var keys = store.Keys;
        if (watcher.NextRevision < keys.CompactRevision && !Bug.IsPlanted("etcd/compacted-watch-goes-on"))
        {
            Remove(watcher);
            // etcd does not say there how far the keys are.
            watcher.Sink.Take(new WatchResponse
            {
                Header = header(0), WatchId = watcher.Id, Canceled = true, CompactRevision = keys.CompactRevision,
            });
            return;
        }
        var at = keys.IndexOf(watcher.NextRevision);
        while (at < keys.Log.Count && !watcher.Sink.IsFull)
        {
            var events = new List<KeyVersion>();
            var revisions = 0;
            while (at < keys.Log.Count && revisions < CatchUpRevisions)
            {
                var revision = keys.Log[at].Main;
                for (; at < keys.Log.Count && keys.Log[at].Main == revision; at++)
                {
                    if (watcher.Wants(keys.Log[at]))
                        events.Add(keys.Log[at]);
                }
                revisions++;
                watcher.NextRevision = revision + 1;
            }
            if (events.Count > 0)
                Tell(watcher, events, keys.Revision);
        }
        if (at < keys.Log.Count)
            return;
        watcher.NextRevision = Math.Max(watcher.NextRevision, keys.Revision + 1);
        watcher.IsSynced = true;
        _unsynced.Remove(watcher);
    }

    private void Tell(Watcher watcher, List<KeyVersion> versions, long revision)
    {
        watcher.IsTold = true;
        var response = new WatchResponse { Header = header(revision), WatchId = watcher.Id };
        var bytes = 0;
        foreach (var version in versions)
        {
            var told = EventOf(version, watcher.WantsPrevious);
            var size = watcher.WantsFragments ? told.CalculateSize() : 0;
            if (bytes > 0 && bytes + size >= fragmentBytes)
            {
                response.Fragment = true;
                watcher.Sink.Take(response);
                (response, bytes) = (new WatchResponse { Header = header(revision), WatchId = watcher.Id }, 0);
            }
            response.Events.Add(told);
            bytes += size;
        }
        watcher.Sink.Take(response);
    }

    private Event EventOf(KeyVersion version, bool withPrevious)
    {
        var isReadable = withPrevious && version.Main - 1 >= store.Keys.CompactRevision;
        return new Event
        {
            Type = version.IsTombstone ? Event.Types.EventType.Delete : Event.Types.EventType.Put,
            Kv = version.Kv,
            PrevKv = isReadable ? version.History.LiveAt(version.Main - 1)?.Kv : null,
        };
    }

    private List<Watcher> ListOf(KeyRange range)
    {
        if (!range.IsOne)
            return _ranges;
        if (!_byKey.TryGetValue(range.Key, out var list))
            _byKey.Add(range.Key, list = []);
        return list;
    }
}
