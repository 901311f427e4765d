namespace Microcosm.Chubby;

/// <summary>
/// What every member of the cell has the same of: the tree, the sessions, the zxid. Stepped by <see cref="Apply"/> alone, which decides
/// without a clock, a random number or a wait. ZooKeeper's face and Chubby's own stand on it.
/// </summary>
internal sealed class CellState(AccessRules access, NodeTree tree)
{
    public CellState(AccessRules access)
        : this(access, NodeTree.New())
    {
    }

    public AccessRules Access { get; } = access;

    public NodeTree Tree { get; } = tree;

    public SessionTable Sessions { get; } = new();

    /// <summary>Handles and locks of Chubby's own API.</summary>
    public Cell.CellFiles Files { get; } = new();

    /// <summary>The members.</summary>
    public CellConfig Config { get; set; } = new([]);

    /// <summary>Members to come; null while none are asked for.</summary>
    public PendingReconfig? Reconfig { get; set; }

    /// <summary>Of the last change: the epoch in the upper half, a count in the lower.</summary>
    public long Zxid { get; set; }

    /// <summary>Applies a change. A refused one takes a zxid too, as in ZooKeeper.</summary>
    public AppliedChange Apply(ChangeHeader header, Change change)
    {
        Zxid = change switch
        {
            NewEpoch => ((Zxid >> 32) + 1) << 32,
            // ZooKeeper knows nothing like it: its clients see no gap.
            // A reconfig's zxid is that of its end.
            Cell.TakeOver or Reconfigure or AnnounceServer => Zxid,
            _ => Zxid + 1,
        };
        var scope = new ChangeScope(this, header, Zxid);
        Files.Begin(header.TimeMs);
        var result = Check(header, change) is var refused and not ZooError.Ok ? new ChangeResult(refused) : change.Apply(scope);
        Files.Settle(scope, isExpiry: change is ExpireSession);
        return new AppliedChange(header, change, Zxid, result, scope.Events, scope.ClosedSessions, scope.Warnings);
    }

    // What a session asks for is carried out for the connection that has it now, and for no one it has left.
    private ZooError Check(ChangeHeader header, Change change)
    {
        if (header.SessionId == 0 || change is OpenSession or MoveSession)
            return ZooError.Ok;
        if (Sessions.Find(header.SessionId) is not { } session)
            return ZooError.SessionExpired;
        return session.Owner == header.Origin ? ZooError.Ok : ZooError.SessionMoved;
    }
}
