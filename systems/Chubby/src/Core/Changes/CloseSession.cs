namespace Microcosm.Chubby;

/// <summary>A client ends its session; its ephemerals go.</summary>
internal sealed record CloseSession : Change
{
    public override ChangeKind Kind => ChangeKind.CloseSession;

    public override ChangeResult Apply(ChangeScope scope)
    {
        if (scope.State.Sessions.Find(scope.SessionId) is not null)
            scope.EndSession(scope.SessionId);
        return default;
    }

    public override void Write(JuteWriter writer)
    {
    }
}
