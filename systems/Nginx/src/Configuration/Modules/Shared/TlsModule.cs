using System.Text;

namespace Microcosm.Nginx;

/// <summary>TLS of listening sockets, of the http and of the stream part.</summary>
internal sealed class TlsModule
{
    /// <summary>Words of <c>ssl_protocols</c>; bit n of the mask is word n.</summary>
    public static readonly string[] ProtocolNames = ["SSLv2", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];

    /// <summary>TLSv1.2 and TLSv1.3.</summary>
    public const long DefaultProtocols = 1 << 4 | 1 << 5;

    public static readonly TlsModule Http = new("http_ssl_module", Contexts.Http, Contexts.HttpServer);

    public static readonly TlsModule Stream = new("stream_ssl_module", Contexts.Stream, Contexts.StreamMainServer);

    private const long CacheBytesMin = 8 * 4096;

    private TlsModule(string name, Contexts main, Contexts contexts)
    {
        Module = new Module(name, main);
        Certificates = Module.Texts("ssl_certificate", contexts);
        CertificateKeys = Module.Texts("ssl_certificate_key", contexts);
        CertificateCache = CertificateCacheDirective.Declare(Module, "ssl_certificate_cache", contexts);
        EchFiles = Module.Texts("ssl_ech_file", contexts);
        CertificateCompression = Module.Flag("ssl_certificate_compression", contexts);
        DhParam = Module.Text("ssl_dhparam", contexts, "");
        EcdhCurve = Module.Text("ssl_ecdh_curve", contexts, "auto");
        Protocols = Module.Mask("ssl_protocols", contexts, Arity.OneOrMore, DefaultProtocols, ProtocolNames);
        Ciphers = Module.Text("ssl_ciphers", contexts, "HIGH:!aNULL:!MD5");
        VerifyClient = Module.Choice("ssl_verify_client", contexts, Nginx.VerifyClient.Off, "off", "on", "optional", "optional_no_ca");
        VerifyDepth = Module.Number("ssl_verify_depth", contexts, 1);
        ClientCertificate = Module.Text("ssl_client_certificate", contexts, "");
        TrustedCertificate = Module.Text("ssl_trusted_certificate", contexts, "");
        PreferServerCiphers = Module.Flag("ssl_prefer_server_ciphers", contexts);
        SessionTickets = Module.Flag("ssl_session_tickets", contexts, true);
        SessionTicketKeys = Module.Texts("ssl_session_ticket_key", contexts);
        SessionTimeout = Module.Seconds("ssl_session_timeout", contexts, 300);
        Crl = Module.Text("ssl_crl", contexts, "");
        Ocsp = Module.Choice("ssl_ocsp", contexts, OcspCheck.Off, "off", "on", "leaf");
        OcspResponder = Module.Text("ssl_ocsp_responder", contexts, "");
        Stapling = Module.Flag("ssl_stapling", contexts);
        StaplingFile = Module.Text("ssl_stapling_file", contexts, "");
        StaplingResponder = Module.Text("ssl_stapling_responder", contexts, "");
        StaplingVerify = Module.Flag("ssl_stapling_verify", contexts);
        ConfCommands = Module.Pairs("ssl_conf_command", contexts);
        RejectHandshake = Module.Flag("ssl_reject_handshake", contexts);
        PasswordFile = Module.Text("ssl_password_file", contexts, null, ReadPasswordFile);
        Module.Custom("ssl_session_cache", contexts, Arity.OneOrTwo, ReadSessionCache);
        OcspCache = Module.Text("ssl_ocsp_cache", contexts, "off");
        if (main == Contexts.Http)
        {
            BufferSize = Module.Size("ssl_buffer_size", contexts, 16384);
            EarlyData = Module.Flag("ssl_early_data", contexts);
            return;
        }
        HandshakeTimeout = Module.Milliseconds("ssl_handshake_timeout", contexts, 60_000);
        Alpn = DeclareAlpn(Module, contexts);
    }

    public Module Module { get; }

    public Setting<IReadOnlyList<string>> Certificates { get; }

    public Setting<IReadOnlyList<string>> CertificateKeys { get; }

    public Setting<OpenFileCache?> CertificateCache { get; }

    public Setting<IReadOnlyList<string>> EchFiles { get; }

    public Setting<bool> CertificateCompression { get; }

    public Setting<string?> DhParam { get; }

    public Setting<string?> EcdhCurve { get; }

    public Setting<long> Protocols { get; }

    public Setting<string?> Ciphers { get; }

    public Setting<VerifyClient> VerifyClient { get; }

    public Setting<long> VerifyDepth { get; }

    public Setting<string?> ClientCertificate { get; }

    public Setting<string?> TrustedCertificate { get; }

    public Setting<bool> PreferServerCiphers { get; }

    public Setting<TlsSessionCache?> SessionCache { get; } = new("ssl_session_cache", null);

    public Setting<bool> SessionTickets { get; }

    public Setting<IReadOnlyList<string>> SessionTicketKeys { get; }

    public Setting<long> SessionTimeout { get; }

    public Setting<string?> Crl { get; }

    public Setting<OcspCheck> Ocsp { get; }

    public Setting<string?> OcspResponder { get; }

    public Setting<string?> OcspCache { get; }

    public Setting<bool> Stapling { get; }

    public Setting<string?> StaplingFile { get; }

    public Setting<string?> StaplingResponder { get; }

    public Setting<bool> StaplingVerify { get; }

    public Setting<IReadOnlyList<NamedText>> ConfCommands { get; }

    public Setting<bool> RejectHandshake { get; }

    /// <summary>The file's text.</summary>
    public Setting<string?> PasswordFile { get; }

    /// <summary>Certificates and their keys, where there are variables in them; else none.</summary>
    public Setting<IReadOnlyList<(ComplexValue Certificate, ComplexValue Key)>> VariableCertificates { get; } =
        new("ssl_certificate", []);

    /// <summary>Http only.</summary>
    public Setting<long>? BufferSize { get; }

    /// <summary>Http only.</summary>
    public Setting<bool>? EarlyData { get; }

    /// <summary>Stream only.</summary>
    public Setting<long>? HandshakeTimeout { get; }

    /// <summary>Stream only.</summary>
    public Setting<IReadOnlyList<string>>? Alpn { get; }

    private static Setting<IReadOnlyList<string>> DeclareAlpn(Module module, Contexts contexts)
    {
        var setting = new Setting<IReadOnlyList<string>>("ssl_alpn", []);
        module.Custom("ssl_alpn", contexts, Arity.OneOrMore, call =>
        {
            call.Once(setting);
            foreach (var protocol in call.Arguments)
            {
                if (protocol.Length > 255)
                    throw call.Refuse("protocol too long");
            }
            call.Level.Set<IReadOnlyList<string>>(setting, call.Arguments.ToArray());
        });
        return setting;
    }

    /// <summary>Reads a file of pass phrases, once: it may be a pipe. The value is its text.</summary>
    public static string ReadPasswordFile(DirectiveCall call, string word)
    {
        var path = call.Loader.Paths.FromConfiguration(word);
        try
        {
            return Encoding.UTF8.GetString(call.Loader.Files.Read(path));
        }
        catch (ConfigurationFileException e)
        {
            throw call.Error($"open() \"{path}\" failed {e.Message}");
        }
    }

    private void ReadSessionCache(DirectiveCall call)
    {
        var cache = call.Level.TryGetOwn(SessionCache, out var own) && own is not null ? own : new TlsSessionCache(null, 0, false);
        foreach (var word in call.Arguments)
        {
            if (word is "off" or "none")
                cache = cache with { IsOff = word == "off", BuiltInSessions = 0 };
            else if (word == "builtin")
                cache = cache with { BuiltInSessions = 20480 };
            else if (word.StartsWith("builtin:", StringComparison.Ordinal))
                cache = cache with { BuiltInSessions = Measures.Number(word.AsSpan(8)) ?? throw Invalid(call, word) };
            else
                cache = cache with { Zone = SharedCache(call, word) };
        }
        call.Level.Set(SessionCache, cache);
    }

    private static ConfigurationException Invalid(DirectiveCall call, string word) => call.Error($"invalid session cache \"{word}\"");

    private SharedZone SharedCache(DirectiveCall call, string word)
    {
        var parts = word.Split(':', 3);
        if (parts is not ["shared", { Length: > 0 } name, var bytes] || Measures.Size(bytes) is not { } size)
            throw Invalid(call, word);
        if (size < CacheBytesMin)
            throw call.Error($"session cache \"{word}\" is too small");
        return call.Loader.Draft.Zone(name, size, Module.Name);
    }
}
