namespace Microcosm.Chubby;

/// <summary>
/// The first packet of a connection, without a request header: a new session, or one to go on with. A session that is gone, or a wrong
/// password, is answered with a session of 0, from which the client knows that it has expired.
/// </summary>
internal static class Connect
{
    private const int PasswordBytes = 16;

    [ZooKeeperOperation("CreateSession", -10, IsWrite = true)]
    public static void Execute(ref ZooKeeperCall call)
    {
        _ = call.Body.Int();
        var (seen, timeout, session, password) = (call.Body.Long(), call.Body.Int(), call.Body.Long(), call.Body.Buffer() ?? []);
        // Clients before 3.4 do not say whether a member that may only read will do.
        var isOld = call.Body.Remaining == 0;
        var readOnly = !isOld && call.Body.Bool();
        call.Connect(new ConnectRequest(seen, timeout, session, password, readOnly, isOld));
    }

    public static void Write(JuteWriter reply, long session, int timeoutMs, byte[]? password, bool isOld, bool isReadOnly)
    {
        reply.Int(0);
        reply.Int(session == 0 ? 0 : timeoutMs);
        reply.Long(session);
        reply.Buffer(session == 0 || password is null ? new byte[PasswordBytes] : password);
        if (!isOld)
            reply.Bool(isReadOnly);
    }
}
