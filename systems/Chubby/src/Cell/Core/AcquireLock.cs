using Microcosm.Chubby.Client;

namespace Microcosm.Chubby.Cell;

/// <summary>Takes a file's lock, or says what stands in the way. Sent again by the holder it changes nothing.</summary>
/// <param name="IsRepeat">Its first try has told the holders already.</param>
internal sealed record AcquireLock(long Epoch, long Session, long Handle, LockMode Mode, bool IsRepeat)
    : HandleChange(Epoch, Session, Handle)
{
    public override CellChangeKind CellKind => CellChangeKind.Acquire;

    // In either mode: lest a reader keeps writers out (OSDI'06 2.4).
    protected override FileModes Needs => FileModes.Write;

    protected override CellReply Decide(FileHandle handle, TreeNode node, CellFiles files, ChangeScope scope)
    {
        if (Mode is not (LockMode.Exclusive or LockMode.Shared))
            return new CellReply(ChubbyError.BadRequest);
        var held = files.LockFor(handle.Path);
        if (held.Holders.Contains(handle.Key))
            return held.Mode == Mode ? Answer(held) : new CellReply(ChubbyError.LockHeld);
        var joins = held.Mode == LockMode.Shared && Mode == LockMode.Shared;
        if (held.Mode != LockMode.Free && !joins)
        {
            foreach (var holder in IsRepeat ? [] : held.Holders)
                files.Tell(holder, ChubbyEvents.ConflictingLockRequest);
            return new CellReply(ChubbyError.LockHeld);
        }
        if (!joins && files.NowMs < held.DelayedUntilMs)
            return new CellReply(ChubbyError.LockDelayed) { WaitMs = held.DelayedUntilMs - files.NowMs };
        if (!joins)
            held.Generation++;
        held.Mode = Mode;
        held.Holders.Add(handle.Key);
        files.Tell(handle.Path, ChubbyEvents.LockAcquired);
        return Answer(held);
    }

    protected override void WriteFields(JuteWriter writer)
    {
        base.WriteFields(writer);
        writer.Int((int)Mode);
        writer.Bool(IsRepeat);
    }

    private static CellReply Answer(FileLock held) => new(ChubbyError.Ok) { Generation = held.Generation };
}
