using Microcosm.Chubby.Client;

namespace Microcosm.Chubby.Cell;

/// <summary>Deletes a file without children; all handles on it are invalid then, this one too.</summary>
internal sealed record DeleteFile(long Epoch, long Session, long Handle) : HandleChange(Epoch, Session, Handle)
{
    public override CellChangeKind CellKind => CellChangeKind.Delete;

    protected override FileModes Needs => FileModes.Write;

    protected override CellReply Decide(FileHandle handle, TreeNode node, CellFiles files, ChangeScope scope)
    {
        if (NodeTree.IsSpecial(node.Path))
            return new CellReply(ChubbyError.AccessDenied);
        if (node.ChildCount > 0)
            return new CellReply(ChubbyError.HasChildren);
        scope.Delete(node, scope.Tree.Find(ZooPath.Parent(node.Path))!);
        return CellReply.Ok;
    }
}
