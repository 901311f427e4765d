using Google.Protobuf;
using Microcosm.Runtime;

namespace Microcosm.Chubby.Etcd;

/// <summary>A key and its versions, in the order of their revisions, at most one a revision.</summary>
internal sealed class KeyHistory(ByteString key)
{
    private readonly List<KeyVersion> _versions = [];

    /// <summary>Stands behind all keys.</summary>
    public static readonly KeyHistory Last = new(ByteString.Empty);

    public ByteString Key { get; } = key;

    public bool IsEmpty => _versions.Count == 0;

    /// <summary>The version that was the key's at a revision, a tombstone too; null if it had none.</summary>
    public KeyVersion? At(long revision)
    {
        // Nearly all ask for the latest.
        if (_versions.Count > 0 && _versions[^1].Main <= revision)
            return _versions[^1];
        var (low, high) = (0, _versions.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_versions[middle].Main <= revision)
                low = middle + 1;
            else
                high = middle;
        }
        return low == 0 ? null : _versions[low - 1];
    }

    /// <summary>As <see cref="At"/>, null where the key was deleted.</summary>
    public KeyVersion? LiveAt(long revision) => At(revision) is { IsTombstone: false } version ? version : null;

    public void Add(KeyVersion version) => _versions.Add(version);

    /// <summary>
    /// True if <paramref name="version"/> stays when the key is compacted at <paramref name="revision"/>: reading there needs it, or a
    /// watch from there does. A deletion of that very revision is such a one; etcd 3.4.23 forgets it, and watches miss it
    /// (etcd-io/etcd#18089).
    /// </summary>
    public bool Keeps(KeyVersion version, long revision) =>
        version.Main > revision || (ReferenceEquals(At(revision), version)
            && (!version.IsTombstone || (version.Main == revision && !Bug.IsPlanted("etcd/deletion-compacted-under-a-watch"))));

    /// <summary>Forgets what is not needed to read at <paramref name="revision"/> and later.</summary>
    public void Compact(long revision)
    {
        if (At(revision) is { } last)
            _versions.RemoveRange(0, _versions.IndexOf(last) + (Keeps(last, revision) ? 0 : 1));
    }
}
