using System.Runtime.InteropServices;

namespace Microcosm.Http;

/// <summary>What is called of libssl on a connection, SSL.</summary>
internal static unsafe partial class LibSslConnection
{
    public const int ErrorSsl = 1;
    public const int ErrorWantRead = 2;
    public const int ErrorZeroReturn = 6;
    public const int BothShutDown = 3;
    public const int VersionTls13 = 0x0304;
    public const int UnknownGroup = 0x1000000;

    private const string Name = LibSsl.Name;

    [LibraryImport(Name, EntryPoint = "SSL_new")]
    public static partial nint New(nint context);

    [LibraryImport(Name, EntryPoint = "SSL_free")]
    public static partial void Free(nint ssl);

    [LibraryImport(Name, EntryPoint = "SSL_set_bio")]
    public static partial void SetBio(nint ssl, nint read, nint write);

    [LibraryImport(Name, EntryPoint = "SSL_set_accept_state")]
    public static partial void BeServer(nint ssl);

    [LibraryImport(Name, EntryPoint = "SSL_set_connect_state")]
    public static partial void BeClient(nint ssl);

    [LibraryImport(Name, EntryPoint = "SSL_do_handshake")]
    public static partial int Handshake(nint ssl);

    [LibraryImport(Name, EntryPoint = "SSL_read")]
    public static partial int Read(nint ssl, byte* buffer, int count);

    [LibraryImport(Name, EntryPoint = "SSL_write")]
    public static partial int Write(nint ssl, byte* bytes, int count);

    [LibraryImport(Name, EntryPoint = "SSL_shutdown")]
    public static partial int ShutDown(nint ssl);

    [LibraryImport(Name, EntryPoint = "SSL_get_error")]
    [SuppressGCTransition]
    public static partial int GetError(nint ssl, int result);

    [LibraryImport(Name, EntryPoint = "SSL_has_pending")]
    [SuppressGCTransition]
    public static partial int HasPending(nint ssl);

    [LibraryImport(Name, EntryPoint = "SSL_in_init")]
    [SuppressGCTransition]
    public static partial int IsInHandshake(nint ssl);

    [LibraryImport(Name, EntryPoint = "SSL_set_shutdown")]
    public static partial void SetShutDown(nint ssl, int mode);

    [LibraryImport(Name, EntryPoint = "SSL_set_quiet_shutdown")]
    public static partial void SetQuietShutDown(nint ssl, int mode);

    [LibraryImport(Name, EntryPoint = "SSL_ctrl")]
    public static partial nint Control(nint ssl, int command, nint number, void* pointer);

    [LibraryImport(Name, EntryPoint = "SSL_set_SSL_CTX")]
    public static partial nint SetContext(nint ssl, nint context);

    [LibraryImport(Name, EntryPoint = "SSL_set_alpn_protos")]
    public static partial int OfferProtocols(nint ssl, byte* names, uint length);

    [LibraryImport(Name, EntryPoint = "SSL_use_certificate")]
    public static partial int UseCertificate(nint ssl, nint certificate);

    [LibraryImport(Name, EntryPoint = "SSL_use_PrivateKey")]
    public static partial int UseKey(nint ssl, nint key);

    [LibraryImport(Name, EntryPoint = "SSL_set_verify")]
    public static partial void SetVerify(nint ssl, int mode, delegate* unmanaged[Cdecl]<int, nint, int> callback);

    [LibraryImport(Name, EntryPoint = "SSL_set_verify_depth")]
    public static partial void SetVerifyDepth(nint ssl, int depth);

    [LibraryImport(Name, EntryPoint = "SSL_set_options")]
    public static partial ulong SetOptions(nint ssl, ulong options);

    [LibraryImport(Name, EntryPoint = "SSL_clear_options")]
    public static partial ulong ClearOptions(nint ssl, ulong options);

    [LibraryImport(Name, EntryPoint = "SSL_get_options")]
    public static partial ulong GetOptions(nint ssl);

    [LibraryImport(Name, EntryPoint = "SSL_get0_param")]
    public static partial nint VerifyParameters(nint ssl);

    [LibraryImport(Name, EntryPoint = "SSL_client_hello_get0_ext")]
    public static partial int ClientHelloExtension(nint ssl, uint type, byte** bytes, nuint* length);

    [LibraryImport(Name, EntryPoint = "SSL_version")]
    public static partial int Version(nint ssl);

    [LibraryImport(Name, EntryPoint = "SSL_get_version")]
    public static partial byte* VersionName(nint ssl);

    [LibraryImport(Name, EntryPoint = "SSL_get_current_cipher")]
    public static partial nint CurrentCipher(nint ssl);

    [LibraryImport(Name, EntryPoint = "SSL_CIPHER_get_name")]
    public static partial byte* CipherName(nint cipher);

    [LibraryImport(Name, EntryPoint = "SSL_CIPHER_find")]
    public static partial nint FindCipher(nint ssl, byte* code);

    [LibraryImport(Name, EntryPoint = "SSL_get_sigalgs")]
    public static partial int SignatureAlgorithm(nint ssl, int index, int* sign, int* hash, int* both, byte* rawSign, byte* rawHash);

    [LibraryImport(Name, EntryPoint = "SSL_session_reused")]
    public static partial int IsResumed(nint ssl);

    [LibraryImport(Name, EntryPoint = "SSL_get_session")]
    public static partial nint SessionOf(nint ssl);

    [LibraryImport(Name, EntryPoint = "SSL_set_session")]
    public static partial int SetSession(nint ssl, nint session);

    [LibraryImport(Name, EntryPoint = "SSL_get0_alpn_selected")]
    public static partial void SelectedProtocol(nint ssl, byte** name, uint* length);

    [LibraryImport(Name, EntryPoint = "SSL_get1_peer_certificate")]
    public static partial nint PeerCertificate(nint ssl);

    [LibraryImport(Name, EntryPoint = "SSL_get_verify_result")]
    public static partial nint VerifyResult(nint ssl);
}
