using System.Text;

namespace Microcosm.Consensus;

/// <summary>Tells the observer of all members what one of them does.</summary>
internal sealed class MemberWatch(long id, RegisterMachine machine, RaftObserver observer) : IRaftWatch
{
    /// <inheritdoc/>
    public void Sees(RaftCore core)
    {
        if (core.Role == RaftRole.Candidate)
            observer.Stands(core.Term);
        observer.IsInTerm(id, core.Term);
        if (core.Role == RaftRole.Leader)
            observer.Leads(id, core.Term);
    }

    /// <inheritdoc/>
    public void Sends(RaftMessage message)
    {
        if (message.Kind == MessageKind.Vote)
            observer.Stands(message.Term);
    }

    /// <inheritdoc/>
    public void Applied(RaftCore core, RaftEntry entry)
    {
        var command = entry.Kind == EntryKind.Command ? Encoding.UTF8.GetString(entry.Data.Span[CommandEnvelope.Bytes..]) : "";
        observer.Applies(id, entry.Index, entry.Term, command, machine.Hash);
    }
}
