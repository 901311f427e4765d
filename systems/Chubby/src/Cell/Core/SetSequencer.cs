using Microcosm.Chubby.Client;

namespace Microcosm.Chubby.Cell;

/// <summary>Puts a handle under a sequencer: calls through it fail once that is void (OSDI'06 2.6).</summary>
internal sealed record SetSequencer(long Epoch, long Session, long Handle, Sequencer Sequencer) : HandleChange(Epoch, Session, Handle)
{
    public override CellChangeKind CellKind => CellChangeKind.SetSequencer;

    protected override FileModes Needs => FileModes.None;

    protected override CellReply Decide(FileHandle handle, TreeNode node, CellFiles files, ChangeScope scope)
    {
        if (!files.IsValid(Sequencer, scope.Tree))
            return new CellReply(ChubbyError.InvalidSequencer);
        handle.Sequencer = Sequencer;
        return CellReply.Ok;
    }

    protected override void WriteFields(JuteWriter writer)
    {
        base.WriteFields(writer);
        CellCodec.Write(writer, Sequencer);
    }
}
