namespace Microcosm.Chubby;

/// <summary>A change of the members that is agreed on and not yet carried out: the leader brings raft to it.</summary>
/// <param name="Asker">Who is answered when it is.</param>
internal sealed record PendingReconfig(ChangeHeader Asker, CellConfig Target);
