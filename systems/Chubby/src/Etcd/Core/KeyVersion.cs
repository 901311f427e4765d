using Microcosm.Chubby.Etcd.Protocol;

namespace Microcosm.Chubby.Etcd;

/// <summary>What one revision made of a key. Never changed; its message goes into replies as it is.</summary>
/// <param name="History">The key's.</param>
/// <param name="Kv">The pair; of a tombstone, key and revision only.</param>
/// <param name="Sub">Place among the changes of its revision, from 0.</param>
internal sealed record KeyVersion(KeyHistory History, KeyValue Kv, long Sub)
{
    /// <summary>The revision.</summary>
    public long Main => Kv.ModRevision;

    public bool IsTombstone => Kv.Version == 0;
}
