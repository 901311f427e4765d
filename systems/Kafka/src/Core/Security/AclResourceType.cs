namespace Microcosm.Kafka;

/// <summary>Kafka's codes of what an ACL protects.</summary>
internal enum AclResourceType : byte
{
    Unknown = 0,

    /// <summary>Of filters only.</summary>
    Any = 1,
    Topic = 2,
    Group = 3,

    /// <summary>There is one, named <see cref="AclResources.ClusterName"/>.</summary>
    Cluster = 4,
    TransactionalId = 5,
    DelegationToken = 6,
    User = 7,
}
