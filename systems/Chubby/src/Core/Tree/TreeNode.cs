namespace Microcosm.Chubby;

/// <summary>
/// A node of the tree. Chubby's generation numbers are here too: the czxid is the instance number, the version that of the content, the
/// aversion that of the ACL (Chubby OSDI'06 2.2).
/// </summary>
internal sealed class TreeNode(string path)
{
    public string Path { get; } = path;

    /// <summary>Never changed in place: it is replaced.</summary>
    public byte[]? Data { get; set; }

    public AclEntry[] Acl { get; set; } = AclEntry.Open;

    public long Czxid { get; init; }

    public long CtimeMs { get; init; }

    /// <summary>The session, or what <see cref="NodeLifetime"/> makes of it; 0 for a persistent node.</summary>
    public long EphemeralOwner { get; init; }

    public long Mzxid { get; set; }

    public long MtimeMs { get; set; }

    public long Pzxid { get; set; }

    public int Version { get; set; }

    public int Aversion { get; set; }

    /// <summary>Children ever created: the next sequence suffix.</summary>
    public int ChildrenCreated { get; set; }

    /// <summary>Names, in order; null as long as there was none.</summary>
    public SortedSet<string>? Children { get; set; }

    public int ChildCount => Children?.Count ?? 0;

    public NodeLifetime Lifetime => NodeLifetime.Of(EphemeralOwner);

    public NodeStat Stat => new(
        Czxid, Mzxid, CtimeMs, MtimeMs, Version,
        // The count of creations and deletions, as clients know it.
        ChildrenCreated * 2 - ChildCount,
        Aversion, Lifetime.Kind == LifetimeKind.Ephemeral ? EphemeralOwner : 0, Data?.Length ?? 0, ChildCount, Pzxid);
}
