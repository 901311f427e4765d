using System.Runtime.InteropServices;

namespace Microcosm.Http;

/// <summary>What is called of libssl on contexts and sessions; on connections see <see cref="LibSslConnection"/>.</summary>
internal static unsafe partial class LibSsl
{
    public const string Name = "libssl.so.3";

    public const int ControlMode = 33;
    public const int ControlReadAhead = 41;
    public const int ControlSessionCacheSize = 42;
    public const int ControlSessionCacheMode = 44;
    public const int ControlServerNameCallback = 53;
    public const int ControlServerName = 55;
    public const int ControlStatusCallback = 63;
    public const int ControlOcspResponse = 71;
    public const int ControlChain = 88;
    public const int ControlChainCertificate = 89;
    public const int ControlGroups = 90;
    public const int ControlGroupsList = 92;
    public const int ControlRawCiphers = 110;
    public const int ControlVersionMin = 123;
    public const int ControlVersionMax = 124;
    public const int ControlNegotiatedGroup = 134;

    public const ulong OptionNoTicket = 1UL << 14;
    public const ulong OptionNoCompression = 1UL << 17;
    public const ulong OptionServerPreference = 1UL << 22;
    public const ulong OptionNoAntiReplay = 1UL << 24;
    public const ulong OptionNoSsl3 = 1UL << 25;
    public const ulong OptionNoTls10 = 1UL << 26;
    public const ulong OptionNoTls12 = 1UL << 27;
    public const ulong OptionNoTls11 = 1UL << 28;
    public const ulong OptionNoTls13 = 1UL << 29;
    public const ulong OptionNoRenegotiation = 1UL << 30;

    public const int ModeNoAutoChain = 8;
    public const int ModeReleaseBuffers = 16;

    public const int CacheOff = 0;
    public const int CacheClient = 1;
    public const int CacheServer = 2;
    public const int CacheNoAutoClear = 0x80;
    public const int CacheNoInternalStore = 0x200;
    public const int CacheNoInternal = 0x300;

    public const int VerifyNone = 0;
    public const int VerifyPeer = 1;

    [LibraryImport(Name, EntryPoint = "TLS_method")]
    public static partial nint AnyVersion();

    [LibraryImport(Name, EntryPoint = "SSL_CTX_new")]
    public static partial nint NewContext(nint method);

    [LibraryImport(Name, EntryPoint = "SSL_CTX_free")]
    public static partial void FreeContext(nint context);

    [LibraryImport(Name, EntryPoint = "SSL_CTX_ctrl")]
    public static partial nint Control(nint context, int command, nint number, void* pointer);

    [LibraryImport(Name, EntryPoint = "SSL_CTX_callback_ctrl")]
    public static partial nint SetCallback(nint context, int command, void* callback);

    [LibraryImport(Name, EntryPoint = "SSL_CTX_set_options")]
    public static partial ulong SetOptions(nint context, ulong options);

    [LibraryImport(Name, EntryPoint = "SSL_CTX_get_options")]
    public static partial ulong GetOptions(nint context);

    [LibraryImport(Name, EntryPoint = "SSL_CTX_use_certificate")]
    public static partial int UseCertificate(nint context, nint certificate);

    [LibraryImport(Name, EntryPoint = "SSL_CTX_use_PrivateKey")]
    public static partial int UseKey(nint context, nint key);

    [LibraryImport(Name, EntryPoint = "SSL_CTX_set_cert_cb")]
    public static partial void OnCertificate(nint context, delegate* unmanaged[Cdecl]<nint, nint, int> callback, nint argument);

    [LibraryImport(Name, EntryPoint = "SSL_CTX_remove_session")]
    public static partial int RemoveSession(nint context, nint session);

    [LibraryImport(Name, EntryPoint = "SSL_CTX_set_cipher_list", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetCiphers(nint context, string ciphers);

    [LibraryImport(Name, EntryPoint = "SSL_CTX_get_cert_store")]
    public static partial nint StoreOf(nint context);

    [LibraryImport(Name, EntryPoint = "SSL_CTX_set_default_verify_paths")]
    public static partial int TrustSystem(nint context);

    [LibraryImport(Name, EntryPoint = "SSL_CTX_set_verify")]
    public static partial void SetVerify(nint context, int mode, delegate* unmanaged[Cdecl]<int, nint, int> callback);

    [LibraryImport(Name, EntryPoint = "SSL_CTX_set_verify_depth")]
    public static partial void SetVerifyDepth(nint context, int depth);

    [LibraryImport(Name, EntryPoint = "SSL_CTX_add_client_CA")]
    public static partial int AddClientAuthority(nint context, nint certificate);

    [LibraryImport(Name, EntryPoint = "SSL_CTX_set0_tmp_dh_pkey")]
    public static partial int GiveDhParameters(nint context, nint key);

    [LibraryImport(Name, EntryPoint = "SSL_CTX_set_session_id_context")]
    public static partial int SetSessionContext(nint context, byte* bytes, uint length);

    [LibraryImport(Name, EntryPoint = "SSL_CTX_set_timeout")]
    public static partial nint SetTimeout(nint context, nint seconds);

    [LibraryImport(Name, EntryPoint = "SSL_CTX_sess_set_new_cb")]
    public static partial void OnNewSession(nint context, delegate* unmanaged[Cdecl]<nint, nint, int> callback);

    [LibraryImport(Name, EntryPoint = "SSL_CTX_sess_set_get_cb")]
    public static partial void OnSessionAsked(nint context, delegate* unmanaged[Cdecl]<nint, byte*, int, int*, nint> callback);

    [LibraryImport(Name, EntryPoint = "SSL_CTX_sess_set_remove_cb")]
    public static partial void OnSessionRemoved(nint context, delegate* unmanaged[Cdecl]<nint, nint, void> callback);

    [LibraryImport(Name, EntryPoint = "SSL_CTX_set_tlsext_ticket_key_evp_cb")]
    public static partial int OnTicket(nint context, delegate* unmanaged[Cdecl]<nint, byte*, byte*, nint, nint, int, int> callback);

    [LibraryImport(Name, EntryPoint = "SSL_CTX_set_client_hello_cb")]
    public static partial void OnClientHello(nint context, delegate* unmanaged[Cdecl]<nint, int*, nint, int> callback, nint argument);

    [LibraryImport(Name, EntryPoint = "SSL_CTX_set_alpn_select_cb")]
    public static partial void OnAlpn(
        nint context, delegate* unmanaged[Cdecl]<nint, byte**, byte*, byte*, uint, nint, int> callback, nint argument);

    [LibraryImport(Name, EntryPoint = "SSL_CTX_set_info_callback")]
    public static partial void OnState(nint context, delegate* unmanaged[Cdecl]<nint, int, int, void> callback);

    [LibraryImport(Name, EntryPoint = "SSL_CTX_set_alpn_protos")]
    public static partial int OfferProtocols(nint context, byte* protocols, uint length);

    [LibraryImport(Name, EntryPoint = "SSL_select_next_proto")]
    public static partial int SelectProtocol(byte** selected, byte* length, byte* ours, uint oursLength, byte* theirs, uint theirsLength);

    [LibraryImport(Name, EntryPoint = "SSL_CONF_CTX_new")]
    public static partial nint NewConfiguration();

    [LibraryImport(Name, EntryPoint = "SSL_CONF_CTX_free")]
    public static partial void FreeConfiguration(nint configuration);

    [LibraryImport(Name, EntryPoint = "SSL_CONF_CTX_set_flags")]
    public static partial uint SetConfigurationFlags(nint configuration, uint flags);

    [LibraryImport(Name, EntryPoint = "SSL_CONF_CTX_set_ssl_ctx")]
    public static partial void SetConfigurationContext(nint configuration, nint context);

    [LibraryImport(Name, EntryPoint = "SSL_CONF_CTX_finish")]
    public static partial int FinishConfiguration(nint configuration);

    [LibraryImport(Name, EntryPoint = "SSL_CONF_cmd", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Configure(nint configuration, string name, string value);

    [LibraryImport(Name, EntryPoint = "SSL_SESSION_up_ref")]
    public static partial int KeepSession(nint session);

    [LibraryImport(Name, EntryPoint = "SSL_SESSION_free")]
    public static partial void FreeSession(nint session);

    [LibraryImport(Name, EntryPoint = "SSL_SESSION_get_id")]
    public static partial byte* SessionId(nint session, uint* length);

    [LibraryImport(Name, EntryPoint = "SSL_SESSION_get_time")]
    public static partial nint SessionTime(nint session);

    [LibraryImport(Name, EntryPoint = "SSL_SESSION_set_time")]
    public static partial nint SetSessionTime(nint session, nint time);

    [LibraryImport(Name, EntryPoint = "SSL_SESSION_get_timeout")]
    public static partial nint SessionTimeout(nint session);

    [LibraryImport(Name, EntryPoint = "SSL_SESSION_set_timeout")]
    public static partial nint SetSessionTimeout(nint session, nint seconds);

    [LibraryImport(Name, EntryPoint = "SSL_SESSION_set1_id_context")]
    public static partial int SetContextOfSession(nint session, byte* bytes, uint length);

    [LibraryImport(Name, EntryPoint = "i2d_SSL_SESSION")]
    public static partial int WriteSession(nint session, byte** to);

    [LibraryImport(Name, EntryPoint = "d2i_SSL_SESSION")]
    public static partial nint ReadSession(nint to, byte** from, nint length);
}
