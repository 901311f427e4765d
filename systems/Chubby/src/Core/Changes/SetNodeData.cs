namespace Microcosm.Chubby;

/// <summary>Replaces a node's data.</summary>
internal sealed record SetNodeData(string Path, byte[]? Data, int Version) : Change
{
    public override ChangeKind Kind => ChangeKind.SetData;

    public override ChangeResult Apply(ChangeScope scope)
    {
        if (!ZooPath.IsValid(Path))
            return new(ZooError.BadArguments);
        if (scope.Tree.Find(Path) is not { } node)
            return new(ZooError.NoNode);
        if (!scope.MayDo(Permissions.Write, node))
            return new(ZooError.NoAuth);
        if (scope.Quotas.Check(Path, (Data?.Length ?? 0) - (node.Data?.Length ?? 0), 0) is var exceeded and not ZooError.Ok)
            return new(exceeded);
        if (Version != -1 && Version != node.Version)
            return new(ZooError.BadVersion);
        scope.SetData(node, Data);
        return new(ZooError.Ok) { Stat = node.Stat };
    }

    public override void Write(JuteWriter writer)
    {
        writer.String(Path);
        writer.Buffer(Data);
        writer.Int(Version);
    }
}
