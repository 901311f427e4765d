namespace Microcosm.Kafka;

/// <summary>Kafka's codes of what an ACL says.</summary>
internal enum AclPermission : byte
{
    Unknown = 0,

    /// <summary>Of filters only.</summary>
    Any = 1,
    Deny = 2,
    Allow = 3,
}
