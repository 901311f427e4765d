using Microsoft.Win32.SafeHandles;

namespace Microcosm.Http;

/// <summary>Holds an SSL_SESSION.</summary>
internal sealed class SessionHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    /// <param name="session">Gets one reference more.</param>
    public SessionHandle(nint session)
        : base(ownsHandle: true)
    {
        LibSsl.KeepSession(session);
        handle = session;
    }

    protected override bool ReleaseHandle()
    {
        LibSsl.FreeSession(handle);
        return true;
    }
}
