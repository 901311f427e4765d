using System.Text;

namespace Microcosm.Consensus;

/// <summary>Tells the observer of all members what one of them does, and the faults what it comes to.</summary>
internal sealed class MemberWatch(long id, RegisterMachine machine, RaftGroup group) : IRaftWatch
{
    private long _ledTerm;
    private long _commit;

    /// <inheritdoc/>
    public void Sees(RaftCore core)
    {
        if (core.Role == RaftRole.Candidate)
            group.Observer.Stands(core.Term);
        group.Observer.IsInTerm(id, core.Term);
        if (core.Role == RaftRole.Leader)
            SeesLeader(core);
        _commit = core.CommitIndex;
    }

    /// <inheritdoc/>
    public void Sends(RaftMessage message)
    {
        switch (message.Kind)
        {
            case MessageKind.Vote:
                group.Observer.Stands(message.Term);
                group.Comes(id, RaftMoment.Stands);
                break;
            case MessageKind.VoteResponse when !message.IsReject:
                group.Comes(id, RaftMoment.Votes);
                break;
            case MessageKind.Append when message.Entries.Count > 0:
                group.Comes(id, RaftMoment.Appends);
                break;
            case MessageKind.TimeoutNow:
                group.Comes(id, RaftMoment.HandsOver);
                break;
        }
    }

    /// <inheritdoc/>
    public void Applied(RaftCore core, RaftEntry entry)
    {
        var command = entry.Kind == EntryKind.Command ? Encoding.UTF8.GetString(entry.Data.Span[CommandEnvelope.Bytes..]) : "";
        group.Observer.Applies(id, entry.Index, entry.Term, command, machine.Hash);
    }

    private void SeesLeader(RaftCore core)
    {
        group.Observer.Leads(id, core.Term);
        if (core.HoldsLease)
            group.Observer.HoldsLease(id, core.Term);
        if (core.Term != _ledTerm)
            group.Comes(id, RaftMoment.Elected);
        else if (core.CommitIndex > _commit)
            group.Comes(id, RaftMoment.Commits);
        _ledTerm = core.Term;
        group.Comes(id, RaftMoment.Leads);
    }
}
