using System.Runtime.InteropServices;

namespace Microcosm.Http.Tests;

/// <summary>What a well-behaved end never does.</summary>
internal static class NativeTls
{
    public static void AskForNewKeys(TlsSession session) => Assert.Equal(1, KeyUpdate(session.Info.Engine!.Pointer, 1));

    /// <summary>A client's wish to begin anew, up to TLSv1.2.</summary>
    public static void Renegotiate(TlsSession session)
    {
        ClearOptions(session.Info.Engine!.Pointer, 1UL << 30);
        Assert.Equal(1, SslRenegotiate(session.Info.Engine.Pointer));
        session.Info.Engine.Handshake();
    }

    [DllImport("libssl.so.3", EntryPoint = "SSL_key_update")]
    private static extern int KeyUpdate(nint ssl, int kind);

    [DllImport("libssl.so.3", EntryPoint = "SSL_clear_options")]
    private static extern ulong ClearOptions(nint ssl, ulong options);

    [DllImport("libssl.so.3", EntryPoint = "SSL_renegotiate")]
    private static extern int SslRenegotiate(nint ssl);
}
