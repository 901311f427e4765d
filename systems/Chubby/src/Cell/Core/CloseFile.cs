using Microcosm.Chubby.Client;

namespace Microcosm.Chubby.Cell;

/// <summary>Closes a handle; a lock that it holds is free at once.</summary>
internal sealed record CloseFile(long Epoch, long Session, long Handle) : HandleChange(Epoch, Session, Handle)
{
    public override CellChangeKind CellKind => CellChangeKind.Close;

    protected override FileModes Needs => FileModes.None;

    protected override CellReply Decide(FileHandle handle, TreeNode node, CellFiles files, ChangeScope scope)
    {
        files.Close(handle, isLost: false, scope);
        return CellReply.Ok;
    }
}
