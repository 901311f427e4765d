using Google.Protobuf;

namespace Microcosm.Chubby.Etcd;

/// <summary>A lease and the keys that go with it.</summary>
internal sealed class EtcdLease(long id, long ttl)
{
    public long Id { get; } = id;

    /// <summary>As granted, in seconds.</summary>
    public long Ttl { get; } = ttl;

    /// <summary>What was left when it was last written down, in seconds; 0 for all.</summary>
    public long RemainingTtl { get; set; }

    /// <summary>Index of the last renewal that came by the log: what the leader decided before it had seen this one is void.</summary>
    public long RenewedAt { get; set; }

    public SortedSet<ByteString> Keys { get; } = new(KeyOrder.Bytes);
}
