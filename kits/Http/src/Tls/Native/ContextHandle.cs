using Microsoft.Win32.SafeHandles;

namespace Microcosm.Http;

/// <summary>Holds an SSL_CTX, which counts its own references: connections that use it may outlive this one.</summary>
internal sealed class ContextHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public ContextHandle()
        : base(ownsHandle: true)
    {
        OpenSsl.Require();
        LibCrypto.ClearErrors();
        handle = LibSsl.NewContext(LibSsl.AnyVersion());
        if (IsInvalid)
            throw TlsException.OfSetting("SSL_CTX_new() failed");
    }

    protected override bool ReleaseHandle()
    {
        LibSsl.FreeContext(handle);
        return true;
    }
}
