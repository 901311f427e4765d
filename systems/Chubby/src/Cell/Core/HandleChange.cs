using Microcosm.Chubby.Client;

namespace Microcosm.Chubby.Cell;

/// <summary>A change through a handle.</summary>
internal abstract record HandleChange(long Epoch, long Session, long Handle) : CellChange(Epoch, Session)
{
    /// <summary>What the handle must have been opened for.</summary>
    protected abstract FileModes Needs { get; }

    protected sealed override CellReply Decide(CellFiles files, ChangeScope scope)
    {
        if (files.Find(Session, Handle) is not { } handle)
            return new CellReply(ChubbyError.InvalidHandle);
        if ((handle.Modes & Needs) != Needs)
            return new CellReply(ChubbyError.WrongMode);
        // Letting go is never forbidden.
        if (this is not (CloseFile or ReleaseLock) && handle.Sequencer is { } sequencer && !files.IsValid(sequencer, scope.Tree))
            return new CellReply(ChubbyError.InvalidSequencer);
        return Decide(handle, scope.Tree.Find(handle.Path)!, files, scope);
    }

    protected abstract CellReply Decide(FileHandle handle, TreeNode node, CellFiles files, ChangeScope scope);

    protected override void WriteFields(JuteWriter writer) => writer.Long(Handle);
}
