namespace Microcosm.Chubby;

/// <summary>A new session, by the id in the header.</summary>
internal sealed record OpenSession(byte[] Password, int TimeoutMs) : Change
{
    public override ChangeKind Kind => ChangeKind.OpenSession;

    public override ChangeResult Apply(ChangeScope scope) => new(
        scope.State.Sessions.TryAdd(new ClientSession(scope.SessionId, Password, TimeoutMs)
        {
            Owner = scope.Origin,
            RenewedZxid = scope.Zxid,
        }) ? ZooError.Ok : ZooError.SessionExpired);

    public override void Write(JuteWriter writer)
    {
        writer.Buffer(Password);
        writer.Int(TimeoutMs);
    }
}
