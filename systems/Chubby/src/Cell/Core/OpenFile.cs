using Microcosm.Chubby.Client;

namespace Microcosm.Chubby.Cell;

/// <summary>Opens a file, making it if that is wanted. Sent again it answers the handle that is there.</summary>
internal sealed record OpenFile(long Epoch, long Session, long Handle, string Path, FileModes Modes, ChubbyEvents Events, int LockDelayMs,
    byte[]? Contents, AclEntry[] Acl) : CellChange(Epoch, Session)
{
    public override CellChangeKind CellKind => CellChangeKind.Open;

    public static OpenFile Read(long epoch, long session, ref JuteReader reader) => new(epoch, session, reader.Long(), reader.String(),
        (FileModes)reader.Int(), (ChubbyEvents)reader.Int(), reader.Int(), reader.Buffer(), reader.Acl());

    protected override CellReply Decide(CellFiles files, ChangeScope scope)
    {
        if (!ZooPath.IsValid(Path) || Path.Length > CellLimits.PathCharsMax)
            return new CellReply(ChubbyError.BadName);
        if (files.Find(Session, Handle) is { } same)
            return same.Path == Path ? Answer(scope.Tree.Find(Path)!, false, files) : new CellReply(ChubbyError.BadRequest);
        if (files.CountOf(Session) >= CellLimits.HandlesMax || (Contents?.Length ?? 0) > CellLimits.FileBytesMax
            || LockDelayMs is < 0 or > CellLimits.LockDelayMsMax)
            return new CellReply(ChubbyError.LimitExceeded);
        var node = scope.Tree.Find(Path);
        if (node is null && !Modes.HasFlag(FileModes.Create))
            return new CellReply(ChubbyError.NotFound);
        if (node is not null && Modes.HasFlag(FileModes.Create | FileModes.Exclusive))
            return new CellReply(ChubbyError.Exists);
        if (node is not null && !MayUse(node, scope))
            return new CellReply(ChubbyError.AccessDenied);
        var isNew = node is null;
        if (node is null && Make(files, scope, out node) is var refusal and not ChubbyError.Ok)
            return new CellReply(refusal);
        files.Add(new FileHandle(Session, Handle, Path)
        {
            Instance = node!.Czxid,
            Modes = Modes & (FileModes.Read | FileModes.Write | FileModes.ChangeAcl),
            Events = Events,
            LockDelayMs = LockDelayMs,
        });
        return Answer(node, isNew, files);
    }

    /// <summary>The fields of a request: what the log has, without who asks.</summary>
    public void WriteTo(JuteWriter writer) => WriteFields(writer);

    protected override void WriteFields(JuteWriter writer)
    {
        writer.Long(Handle);
        writer.String(Path);
        writer.Int((int)Modes);
        writer.Int((int)Events);
        writer.Int(LockDelayMs);
        writer.Buffer(Contents);
        writer.Acl(Acl);
    }

    private static CellReply Answer(TreeNode node, bool isNew, CellFiles files) =>
        new(ChubbyError.Ok) { Stat = files.StatOf(node), IsNew = isNew };

    private bool MayUse(TreeNode node, ChangeScope scope) =>
        (!Modes.HasFlag(FileModes.Read) || scope.MayDo(Permissions.Read, node))
        && (!Modes.HasFlag(FileModes.Write) || scope.MayDo(Permissions.Write, node))
        && (!Modes.HasFlag(FileModes.ChangeAcl) || scope.MayDo(Permissions.Admin, node));

    private ChubbyError Make(CellFiles files, ChangeScope scope, out TreeNode? node)
    {
        node = null;
        if (scope.Tree.Find(ZooPath.Parent(Path)) is not { } parent)
            return ChubbyError.NotFound;
        if (!scope.MayDo(Permissions.Create, parent))
            return ChubbyError.AccessDenied;
        // ZooKeeper's ephemerals take no children; a file with contents is no directory.
        if (parent.Data is { Length: > 0 } || (parent.Lifetime.Kind == LifetimeKind.Ephemeral
            && (parent.EphemeralOwner != CellFiles.EphemeralOwner || parent.Data is not null)))
            return ChubbyError.NotAFile;
        // Without an ACL of its own a file has its directory's (OSDI'06 2.2).
        if ((Acl.Length == 0 ? parent.Acl : scope.State.Access.Fix(Acl, scope.Identities)) is not { } acl)
            return ChubbyError.BadRequest;
        if (Modes.HasFlag(FileModes.Directory) && Contents is { Length: > 0 })
            return ChubbyError.NotAFile;
        node = new TreeNode(Path)
        {
            Data = Modes.HasFlag(FileModes.Directory) ? null : Contents ?? [],
            Acl = acl,
            Czxid = scope.Zxid,
            Mzxid = scope.Zxid,
            Pzxid = scope.Zxid,
            CtimeMs = files.NowMs,
            MtimeMs = files.NowMs,
            EphemeralOwner = Modes.HasFlag(FileModes.Ephemeral) ? CellFiles.EphemeralOwner : 0,
        };
        scope.Create(node, parent);
        return ChubbyError.Ok;
    }
}
