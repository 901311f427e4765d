namespace Microcosm.Chubby;

/// <summary>A multi's condition: the node is there and has this version.</summary>
internal sealed record CheckVersion(string Path, int Version) : Change
{
    public override ChangeKind Kind => ChangeKind.CheckVersion;

    public override ChangeResult Apply(ChangeScope scope)
    {
        if (!ZooPath.IsValid(Path))
            return new(ZooError.BadArguments);
        if (scope.Tree.Find(Path) is not { } node)
            return new(ZooError.NoNode);
        if (!scope.MayDo(Permissions.Read, node))
            return new(ZooError.NoAuth);
        return new(Version != -1 && Version != node.Version ? ZooError.BadVersion : ZooError.Ok);
    }

    public override void Write(JuteWriter writer)
    {
        writer.String(Path);
        writer.Int(Version);
    }
}
