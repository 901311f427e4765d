using Microcosm.Chubby.Client;

namespace Microcosm.Chubby.Cell;

/// <summary>A new master's first change: its term is the epoch from now on (OSDI'06 2.9, step 1).</summary>
internal sealed record TakeOver(long Epoch) : CellChange(Epoch, 0)
{
    public override CellChangeKind CellKind => CellChangeKind.TakeOver;

    protected override CellReply Decide(CellFiles files, ChangeScope scope)
    {
        if (Epoch <= files.Epoch)
            return new CellReply(ChubbyError.NotMaster);
        files.Epoch = Epoch;
        return CellReply.Ok;
    }

    protected override void WriteFields(JuteWriter writer)
    {
    }
}
