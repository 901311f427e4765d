using Microcosm.Chubby.Client;

namespace Microcosm.Chubby.Cell;

/// <summary>Replaces a file's ACL. Handles that are open stay what they are.</summary>
internal sealed record SetFileAcl(long Epoch, long Session, long Handle, AclEntry[] Acl) : HandleChange(Epoch, Session, Handle)
{
    public override CellChangeKind CellKind => CellChangeKind.SetAcl;

    protected override FileModes Needs => FileModes.ChangeAcl;

    protected override CellReply Decide(FileHandle handle, TreeNode node, CellFiles files, ChangeScope scope)
    {
        if (scope.State.Access.Fix(Acl, scope.Identities) is not { } acl)
            return new CellReply(ChubbyError.BadRequest);
        scope.SetAcl(node, acl);
        return new CellReply(ChubbyError.Ok) { Stat = files.StatOf(node) };
    }

    protected override void WriteFields(JuteWriter writer)
    {
        base.WriteFields(writer);
        writer.Acl(Acl);
    }
}
