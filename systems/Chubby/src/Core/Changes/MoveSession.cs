namespace Microcosm.Chubby;

/// <summary>A client has come back with its session, perhaps to another member: from now on the session is this connection's.</summary>
internal sealed record MoveSession(byte[] Password) : Change
{
    public override ChangeKind Kind => ChangeKind.MoveSession;

    public override ChangeResult Apply(ChangeScope scope)
    {
        // A wrong password and a session that is gone look the same, as in ZooKeeper.
        if (scope.State.Sessions.Find(scope.SessionId) is not { } session || !session.Password.AsSpan().SequenceEqual(Password))
            return new(ZooError.SessionExpired);
        session.Owner = scope.Origin;
        session.RenewedZxid = scope.Zxid;
        return default;
    }

    public override void Write(JuteWriter writer) => writer.Buffer(Password);
}
