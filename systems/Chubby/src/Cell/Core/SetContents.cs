using Microcosm.Chubby.Client;

namespace Microcosm.Chubby.Cell;

/// <summary>Replaces a file's contents, whole.</summary>
/// <param name="Generation">What the content generation must be; -1 for any.</param>
internal sealed record SetContents(long Epoch, long Session, long Handle, byte[] Contents, long Generation)
    : HandleChange(Epoch, Session, Handle)
{
    public override CellChangeKind CellKind => CellChangeKind.SetContents;

    protected override FileModes Needs => FileModes.Write;

    protected override CellReply Decide(FileHandle handle, TreeNode node, CellFiles files, ChangeScope scope)
    {
        if (node.Data is null || (node.ChildCount > 0 && Contents.Length > 0))
            return new CellReply(ChubbyError.NotAFile);
        if (Contents.Length > CellLimits.FileBytesMax)
            return new CellReply(ChubbyError.LimitExceeded);
        if (Generation != -1 && Generation != node.Version)
            return new CellReply(ChubbyError.WrongGeneration);
        scope.SetData(node, Contents);
        return new CellReply(ChubbyError.Ok) { Stat = files.StatOf(node) };
    }

    protected override void WriteFields(JuteWriter writer)
    {
        base.WriteFields(writer);
        writer.Buffer(Contents);
        writer.Long(Generation);
    }
}
