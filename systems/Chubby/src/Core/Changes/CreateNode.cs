using System.Globalization;

namespace Microcosm.Chubby;

/// <summary>Creates a node. The order of the checks is ZooKeeper's, since clients see which error comes first.</summary>
internal sealed record CreateNode(string Path, byte[]? Data, AclEntry[] Acl, CreateMode Mode, long TtlMs) : Change
{
    public override ChangeKind Kind => ChangeKind.CreateNode;

    public override ChangeResult Apply(ChangeScope scope)
    {
        if (Path.LastIndexOf('/') < 0 || Path.Contains('\0') || !ZooPath.IsValid(Mode.IsSequential() ? Path + "1" : Path))
            return new(ZooError.BadArguments);
        if (Mode.IsTtl() && (TtlMs <= 0 || TtlMs > NodeLifetime.TtlMsMax))
            return new(ZooError.BadArguments);
        if (scope.State.Access.Fix(Acl, scope.Identities) is not { } acl)
            return new(ZooError.InvalidAcl);
        if (scope.Tree.Find(Path.LastIndexOf('/') is var slash and > 0 ? Path[..slash] : "/") is not { } parent)
            return new(ZooError.NoNode);
        if (!scope.MayDo(Permissions.Create, parent))
            return new(ZooError.NoAuth);
        var path = Mode.IsSequential() ? Path + parent.ChildrenCreated.ToString("D10", CultureInfo.InvariantCulture) : Path;
        if (scope.Tree.Find(path) is not null)
            return new(ZooError.NodeExists);
        if (parent.Lifetime.Kind == LifetimeKind.Ephemeral)
            return new(ZooError.NoChildrenForEphemerals);
        if (scope.Quotas.Check(path, Data?.Length ?? 0, 1) is var exceeded and not ZooError.Ok)
            return new(exceeded);
        var node = new TreeNode(path)
        {
            Data = Data,
            Acl = acl,
            Czxid = scope.Zxid,
            Mzxid = scope.Zxid,
            Pzxid = scope.Zxid,
            CtimeMs = scope.TimeMs,
            MtimeMs = scope.TimeMs,
            EphemeralOwner = Owner(scope.SessionId).ToOwner(),
        };
        scope.Create(node, parent);
        return new(ZooError.Ok) { Path = path, Stat = node.Stat };
    }

    public static CreateNode Read(ref JuteReader reader) =>
        new(reader.String(), reader.Buffer(), reader.Acl(), (CreateMode)reader.Int(), reader.Long());

    public override void Write(JuteWriter writer)
    {
        writer.String(Path);
        writer.Buffer(Data);
        writer.Acl(Acl);
        writer.Int((int)Mode);
        writer.Long(TtlMs);
    }

    private NodeLifetime Owner(long session) => Mode switch
    {
        CreateMode.Ephemeral or CreateMode.EphemeralSequential => new(LifetimeKind.Ephemeral, session),
        CreateMode.Container => new(LifetimeKind.Container, 0),
        CreateMode.PersistentWithTtl or CreateMode.PersistentSequentialWithTtl => new(LifetimeKind.Ttl, TtlMs),
        _ => default,
    };
}
