using Microsoft.Win32.SafeHandles;

namespace Microcosm.Http;

/// <summary>Holds an SSL: a node that is killed tells nobody, and then the collector ends it.</summary>
internal sealed class ConnectionHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public ConnectionHandle(nint context)
        : base(ownsHandle: true)
    {
        handle = LibSslConnection.New(context);
        if (IsInvalid)
            throw TlsException.OfConnection("SSL_new() failed");
    }

    protected override bool ReleaseHandle()
    {
        // Else OpenSSL takes the session for a bad one, and out of the caches.
        LibSslConnection.SetQuietShutDown(handle, 1);
        LibSslConnection.SetShutDown(handle, LibSslConnection.BothShutDown);
        LibSslConnection.Free(handle);
        return true;
    }
}
