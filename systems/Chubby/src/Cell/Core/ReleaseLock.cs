using Microcosm.Chubby.Client;

namespace Microcosm.Chubby.Cell;

/// <summary>Gives a lock back: it is free at once, without a lock-delay.</summary>
internal sealed record ReleaseLock(long Epoch, long Session, long Handle) : HandleChange(Epoch, Session, Handle)
{
    public override CellChangeKind CellKind => CellChangeKind.Release;

    protected override FileModes Needs => FileModes.None;

    protected override CellReply Decide(FileHandle handle, TreeNode node, CellFiles files, ChangeScope scope) =>
        new(files.Release(handle, isLost: false) ? ChubbyError.Ok : ChubbyError.NotHeld);
}
