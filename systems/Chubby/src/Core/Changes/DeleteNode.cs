namespace Microcosm.Chubby;

/// <summary>Deletes a node without children.</summary>
internal sealed record DeleteNode(string Path, int Version) : Change
{
    public override ChangeKind Kind => ChangeKind.DeleteNode;

    public override ChangeResult Apply(ChangeScope scope)
    {
        if (Path.LastIndexOf('/') < 0 || Path.Contains('\0') || NodeTree.IsSpecial(Path))
            return new(ZooError.BadArguments);
        if (scope.Tree.Find(ZooPath.Parent(Path)) is not { } parent || scope.Tree.Find(Path) is not { } node)
            return new(ZooError.NoNode);
        if (!scope.MayDo(Permissions.Delete, parent))
            return new(ZooError.NoAuth);
        if (Version != -1 && Version != node.Version)
            return new(ZooError.BadVersion);
        if (node.ChildCount > 0)
            return new(ZooError.NotEmpty);
        scope.Delete(node, parent);
        return default;
    }

    public override void Write(JuteWriter writer)
    {
        writer.String(Path);
        writer.Int(Version);
    }
}
