using Google.Protobuf;
using Microcosm.Chubby.Etcd.Protocol;

namespace Microcosm.Chubby.Etcd;

/// <summary>The changes of one command: all of one revision, which is only used up if there are any.</summary>
internal sealed class WriteScope(KeyStore keys, LeaseTable leases)
{
    private readonly long _next = keys.Revision + 1;
    private readonly List<KeyVersion> _changes = [];

    /// <summary>The revision that reads inside the command see.</summary>
    public long Revision => _changes.Count > 0 ? _next : keys.Revision;

    public IReadOnlyList<KeyVersion> Changes => _changes;

    public KeyVersion? Live(ByteString key) => keys.Live(key, Revision);

    public IEnumerable<KeyVersion> Live(KeyRange range, long revision) => keys.Live(range, revision);

    public void Put(ByteString key, ByteString value, long lease)
    {
        var before = Live(key)?.Kv;
        var kv = new KeyValue
        {
            Key = key,
            Value = value,
            Lease = lease,
            ModRevision = _next,
            CreateRevision = before?.CreateRevision ?? _next,
            Version = 1 + (before?.Version ?? 0),
        };
        _changes.Add(keys.Add(kv, _changes.Count));
        leases.Move(key, before?.Lease ?? 0, lease);
    }

    public void Delete(KeyVersion version)
    {
        var key = version.Kv.Key;
        _changes.Add(keys.Add(new KeyValue { Key = key, ModRevision = _next }, _changes.Count));
        leases.Move(key, version.Kv.Lease, 0);
    }

    /// <summary>The command is carried out.</summary>
    public void End()
    {
        if (_changes.Count > 0)
            keys.Advance(_next);
    }
}
