namespace Microcosm.Chubby;

/// <summary>Replaces a node's ACL.</summary>
internal sealed record SetNodeAcl(string Path, AclEntry[] Acl, int Version) : Change
{
    public override ChangeKind Kind => ChangeKind.SetAcl;

    public override ChangeResult Apply(ChangeScope scope)
    {
        if (!ZooPath.IsValid(Path))
            return new(ZooError.BadArguments);
        if (scope.State.Access.Fix(Acl, scope.Identities) is not { } acl)
            return new(ZooError.InvalidAcl);
        if (scope.Tree.Find(Path) is not { } node)
            return new(ZooError.NoNode);
        if (!scope.MayDo(Permissions.Admin, node))
            return new(ZooError.NoAuth);
        if (Version != -1 && Version != node.Aversion)
            return new(ZooError.BadVersion);
        scope.SetAcl(node, acl);
        return new(ZooError.Ok) { Stat = node.Stat };
    }

    public override void Write(JuteWriter writer)
    {
        writer.String(Path);
        writer.Acl(Acl);
        writer.Int(Version);
    }
}
