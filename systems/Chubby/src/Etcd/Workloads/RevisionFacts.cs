using Google.Protobuf;
using Microcosm.Chubby.Etcd.Protocol;
using Microcosm.Simulation;

namespace Microcosm.Chubby.Etcd;

/// <summary>
/// What clients together know of revisions: what each of them changed, and how far the store is. A revision that means two things, one that
/// goes back, and one that is forgotten are found here.
/// </summary>
internal sealed class RevisionFacts
{
    private readonly SortedDictionary<long, SortedDictionary<string, string?>> _changes = [];
    private readonly List<(long Revision, string Key)> _acknowledged = [];

    /// <summary>The highest revision that anybody was told.</summary>
    public long Highest { get; private set; } = 1;

    /// <summary>What is known of changes: by revision, values by key, null for a deletion.</summary>
    public IReadOnlyDictionary<long, SortedDictionary<string, string?>> Changes => _changes;

    /// <summary>An answer is of revision <paramref name="revision"/>; <paramref name="before"/> was known when it was asked for.</summary>
    public void Reached(long revision, long before)
    {
        if (revision < before)
        {
            throw new CheckFailedException("etcd.stale",
                $"an answer is of revision {revision} although {before} was known before it was asked for");
        }
        Highest = Math.Max(Highest, revision);
    }

    /// <summary>Somebody saw what a revision did to a key.</summary>
    public void Saw(long revision, string key, string? value)
    {
        if (!_changes.TryGetValue(revision, out var changes))
            _changes.Add(revision, changes = new(StringComparer.Ordinal));
        if (changes.TryGetValue(key, out var known) && known != value)
        {
            throw new CheckFailedException("etcd.revision",
                $"revision {revision} made '{key}' {known ?? "nothing"} once and {value ?? "nothing"} another time");
        }
        changes[key] = value;
    }

    public void Saw(KeyValue kv) => Saw(kv.ModRevision, kv.Key.ToStringUtf8(), kv.Value.ToStringUtf8());

    /// <summary>A change was acknowledged: it must never be lost.</summary>
    public void Acknowledged(long revision, string key, string? value)
    {
        Saw(revision, key, value);
        _acknowledged.Add((revision, key));
    }

    /// <summary>What was acknowledged and not compacted is in the store, and the store contradicts nothing that was seen.</summary>
    public void CheckKept(KeyStore store)
    {
        foreach (var version in store.Log)
            Saw(version.Main, version.Kv.Key.ToStringUtf8(), version.IsTombstone ? null : version.Kv.Value.ToStringUtf8());
        var kept = store.Log.Select(v => (v.Main, v.Kv.Key.ToStringUtf8())).ToHashSet();
        foreach (var (revision, key) in _acknowledged.Where(a => a.Revision > store.CompactRevision))
        {
            if (!kept.Contains((revision, key)))
                throw new CheckFailedException("etcd.lost", $"'{key}' of revision {revision} was acknowledged and is gone");
        }
        if (store.Revision < Highest)
            throw new CheckFailedException("etcd.lost", $"the store is at revision {store.Revision}, clients were told {Highest}");
    }

    public static ByteString Bytes(string text) => ByteString.CopyFromUtf8(text);
}
