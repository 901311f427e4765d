namespace Microcosm.Chubby.Etcd;

/// <summary>Is told what the store did, in its order; the store does not depend on it.</summary>
internal interface IEtcdObserver
{
    /// <summary>The changes of one revision.</summary>
    void Changed(IReadOnlyList<KeyVersion> versions);

    /// <summary>A lease was granted or has another time from now on.</summary>
    void LeaseSet(EtcdLease lease);

    /// <summary>The leader has kept a lease alive a while ago.</summary>
    void LeaseRenewed(EtcdLease lease);

    void LeaseGone(long id);

    /// <summary>Members came or went, or are elsewhere.</summary>
    void MembersChanged();

    /// <summary>All of the state is another; everything up to revision <paramref name="seen"/> was told before.</summary>
    void Restored(long seen);
}
