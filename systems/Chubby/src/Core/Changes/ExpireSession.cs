namespace Microcosm.Chubby;

/// <summary>The leader's clock says that a session's lease is over.</summary>
/// <param name="SeenZxid">The renewal that the leader went by. One since then, which was in the log already, saves the session.</param>
internal sealed record ExpireSession(long Session, long SeenZxid) : Change
{
    public override ChangeKind Kind => ChangeKind.ExpireSession;

    public override ChangeResult Apply(ChangeScope scope)
    {
        if (scope.State.Sessions.Find(Session) is not { } session || session.RenewedZxid != SeenZxid)
            return new(ZooError.SessionExpired);
        scope.EndSession(Session);
        return default;
    }

    public override void Write(JuteWriter writer)
    {
        writer.Long(Session);
        writer.Long(SeenZxid);
    }
}
