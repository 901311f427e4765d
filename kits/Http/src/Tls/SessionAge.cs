using System.Runtime.InteropServices;

namespace Microcosm.Http;

/// <summary>The age of a session that a server took up, by the clock that OpenSSL dates sessions by.</summary>
internal static unsafe partial class SessionAge
{
    /// <summary>Shortens the time that is left by the time that passed since the session was made; one that is too old is made
    /// useless.</summary>
    public static void Keep(nint session, TlsContext context)
    {
        if (context is not TlsServerContext server)
            return;
        var now = MachineSeconds(0);
        var age = now - LibSsl.SessionTime(session);
        var timeout = Math.Min(LibSsl.SessionTimeout(session), server.SessionTimeoutSeconds);
        if (age >= timeout)
        {
            byte none = 0;
            LibSsl.SetContextOfSession(session, &none, 0);
            return;
        }
        LibSsl.SetSessionTime(session, now);
        LibSsl.SetSessionTimeout(session, timeout - age);
    }

    [LibraryImport("libc", EntryPoint = "time")]
    private static partial nint MachineSeconds(nint to);
}
