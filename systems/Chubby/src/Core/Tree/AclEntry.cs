namespace Microcosm.Chubby;

/// <summary>One line of a node's ACL: who (<c>world:anyone</c>, <c>digest:user:hash</c>, <c>ip:10.0.0.0/8</c>) may do what.</summary>
internal readonly record struct AclEntry(Permissions Permissions, string Scheme, string Id)
{
    /// <summary>ZooKeeper's OPEN_ACL_UNSAFE, of most nodes: one array for all of them.</summary>
    public static AclEntry[] Open { get; } = [new(Permissions.All, "world", "anyone")];

    /// <summary>READ_ACL_UNSAFE.</summary>
    public static AclEntry[] ReadOnly { get; } = [new(Permissions.Read, "world", "anyone")];

    /// <summary>The same entries, as the one array if they are the usual ones.</summary>
    public static AclEntry[] Shared(AclEntry[] entries) => entries.AsSpan().SequenceEqual(Open) ? Open : entries;
}
