using Google.Protobuf;

namespace Microcosm.Chubby.Etcd;

/// <summary>The leases that were granted and not revoked. When they end is not known here: see <see cref="LeaseDeadlines"/>.</summary>
internal sealed class LeaseTable
{
    // etcd's MaxLeaseTTL.
    private const long TtlMax = 9_000_000_000;

    private readonly SortedDictionary<long, EtcdLease> _leases = [];

    public IReadOnlyCollection<EtcdLease> All => _leases.Values;

    public EtcdLease? Find(long id) => _leases.GetValueOrDefault(id);

    public EtcdLease Get(long id) => Find(id) ?? throw new EtcdException(EtcdErrors.LeaseNotFound);

    public EtcdLease Grant(long id, long ttl, long ttlMin)
    {
        if (id == 0)
            throw new EtcdException(EtcdErrors.LeaseNotFound);
        if (ttl > TtlMax)
            throw new EtcdException(EtcdErrors.LeaseTtlTooLarge);
        if (_leases.ContainsKey(id))
            throw new EtcdException(EtcdErrors.LeaseExists);
        var lease = new EtcdLease(id, Math.Max(ttl, ttlMin));
        _leases.Add(id, lease);
        return lease;
    }

    public void Remove(long id) => _leases.Remove(id);

    /// <summary>A key leaves one lease and joins another; 0 for none.</summary>
    public void Move(ByteString key, long from, long to)
    {
        if (from == to)
            return;
        Find(from)?.Keys.Remove(key);
        Find(to)?.Keys.Add(key);
    }
}
