namespace Microcosm.Consensus;

/// <summary>Sees what members do as they do it; for the simulator.</summary>
internal interface IRaftWatch
{
    /// <summary>A member is about to give out a ready.</summary>
    void Sees(RaftCore core);

    /// <summary>A message is about to be sent.</summary>
    void Sends(RaftMessage message);

    /// <summary>An entry was applied, be it a command or the group's own.</summary>
    void Applied(RaftCore core, RaftEntry entry);
}
