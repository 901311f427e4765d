namespace Microcosm.Chubby;

/// <summary>A member that does not lead tells which of its clients were heard of since it last did so.</summary>
internal sealed record RenewSessions(long[] Sessions) : Change
{
    public override ChangeKind Kind => ChangeKind.RenewSessions;

    public override ChangeResult Apply(ChangeScope scope)
    {
        foreach (var id in Sessions)
        {
            if (scope.State.Sessions.Find(id) is { } session)
                session.RenewedZxid = scope.Zxid;
        }
        return default;
    }

    public static RenewSessions Read(ref JuteReader reader)
    {
        var sessions = new long[reader.Count(8)];
        for (var i = 0; i < sessions.Length; i++)
            sessions[i] = reader.Long();
        return new RenewSessions(sessions);
    }

    public override void Write(JuteWriter writer)
    {
        writer.Int(Sessions.Length);
        foreach (var session in Sessions)
            writer.Long(session);
    }
}
