using Google.Protobuf;
using Microcosm.Chubby.Etcd.Protocol;
using Microcosm.Runtime;

namespace Microcosm.Chubby.Etcd;

/// <summary>
/// Keys with all their versions since the last compaction. Invariants: revisions rise by one a change of state; the log has the versions in
/// the order they came; a key's latest version is the one with its highest revision.
/// </summary>
internal sealed class KeyStore
{
    private const int VersionOverheadBytes = 64;

    private readonly SortedSet<KeyHistory> _keys = new(KeyOrder.Instance);
    private readonly Dictionary<ByteString, KeyHistory> _byKey = [];
    private readonly List<KeyVersion> _log = [];

    /// <summary>The latest revision; 1 for an empty store.</summary>
    public long Revision { get; private set; } = 1;

    /// <summary>Below it nothing can be read; -1 before the first compaction.</summary>
    public long CompactRevision { get; private set; } = -1;

    /// <summary>How many keys have a version, deleted ones too.</summary>
    public int Count => _keys.Count;

    /// <summary>About what the versions take, in bytes.</summary>
    public long SizeBytes { get; private set; }

    /// <summary>All versions that are kept, in their order.</summary>
    public IReadOnlyList<KeyVersion> Log => _log;

    /// <summary>Refuses revisions that cannot be read; 0 means the latest, <paramref name="now"/>.</summary>
    public long Readable(long revision, long now)
    {
        if (revision > now)
            throw new EtcdException(EtcdErrors.FutureRevision);
        if (revision <= 0)
            return now;
        return revision < CompactRevision ? throw new EtcdException(EtcdErrors.Compacted) : revision;
    }

    public KeyVersion? Live(ByteString key, long revision) => _byKey.GetValueOrDefault(key)?.LiveAt(revision);

    /// <summary>What lived at a revision, in the order of keys.</summary>
    public IEnumerable<KeyVersion> Live(KeyRange range, long revision)
    {
        foreach (var history in Histories(range))
        {
            if (history.LiveAt(revision) is { } version)
                yield return version;
        }
    }

    /// <summary>Adds a version under the revision that its pair names: the latest or the one behind it.</summary>
    public KeyVersion Add(KeyValue kv, long sub)
    {
        Invariant.Check(kv.ModRevision >= Revision, "versions come in the order of revisions");
        if (!_byKey.TryGetValue(kv.Key, out var history))
        {
            history = new KeyHistory(kv.Key);
            _byKey.Add(kv.Key, history);
            _keys.Add(history);
        }
        var version = new KeyVersion(history, kv, sub);
        history.Add(version);
        _log.Add(version);
        SizeBytes += BytesOf(version);
        return version;
    }

    /// <summary>The changes of a revision are complete.</summary>
    public void Advance(long revision) => Revision = revision;

    /// <summary>Index in the log of the first version of <paramref name="revision"/> or a later one.</summary>
    public int IndexOf(long revision)
    {
        var (low, high) = (0, _log.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_log[middle].Main < revision)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    /// <summary>Forgets versions that reading at <paramref name="revision"/> and later does not need.</summary>
    public void Compact(long revision)
    {
        if (revision <= CompactRevision)
            throw new EtcdException(EtcdErrors.Compacted);
        if (revision > Revision)
            throw new EtcdException(EtcdErrors.FutureRevision);
        CompactRevision = revision;
        var end = IndexOf(revision + 1);
        var kept = new List<KeyVersion>();
        for (var i = 0; i < end; i++)
        {
            if (_log[i].History.Keeps(_log[i], revision))
                kept.Add(_log[i]);
            else
                SizeBytes -= BytesOf(_log[i]);
        }
        for (var i = 0; i < end; i++)
            Compact(_log[i].History, revision);
        _log.RemoveRange(0, end);
        _log.InsertRange(0, kept);
    }

    /// <summary>Takes what was saved; the store is empty before.</summary>
    public void Restore(EtcdState state)
    {
        Revision = 0;
        foreach (var stored in state.Versions)
            Add(stored.Kv, stored.Sub);
        Revision = state.Revision;
        if (!Bug.IsPlanted("etcd/compaction-forgotten-at-restart"))
            CompactRevision = state.CompactRevision;
    }

    private void Compact(KeyHistory history, long revision)
    {
        history.Compact(revision);
        if (!history.IsEmpty || !_byKey.Remove(history.Key))
            return;
        _keys.Remove(history);
    }

    private IEnumerable<KeyHistory> Histories(KeyRange range)
    {
        if (range.IsOne)
            return _byKey.TryGetValue(range.Key, out var history) ? [history] : [];
        if (range.IsVoid)
            return [];
        var view = _keys.GetViewBetween(new KeyHistory(range.Key), range.IsEndless ? KeyHistory.Last : new KeyHistory(range.End));
        return range.IsEndless ? view : view.TakeWhile(h => h.Key != range.End);
    }

    private static long BytesOf(KeyVersion version) => version.Kv.Key.Length + version.Kv.Value.Length + VersionOverheadBytes;
}
