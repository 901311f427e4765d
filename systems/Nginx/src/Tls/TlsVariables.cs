using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>The <c>$ssl_</c> variables by name; an empty text is no value. Names of algorithms of signatures and ECH need a later OpenSSL:
/// nginx has no values for them with OpenSSL 3.0 either.</summary>
internal static class TlsVariables
{
    public static IReadOnlyDictionary<string, Func<TlsInfo, TimeProvider, string>> Table { get; } =
        new Dictionary<string, Func<TlsInfo, TimeProvider, string>>
        {
            ["ssl_protocol"] = static (t, _) => t.Protocol,
            ["ssl_cipher"] = static (t, _) => t.Cipher,
            ["ssl_ciphers"] = static (t, _) => t.ClientCiphers,
            ["ssl_curve"] = static (t, _) => t.Curve,
            ["ssl_curves"] = static (t, _) => t.ClientCurves,
            ["ssl_sigalg"] = static (_, _) => "",
            ["ssl_sigalgs"] = static (t, _) => t.ClientSignatureAlgorithms,
            ["ssl_session_id"] = static (t, _) => t.SessionId,
            ["ssl_session_reused"] = static (t, _) => t.IsResumed ? "r" : ".",
            ["ssl_early_data"] = static (_, _) => "",
            ["ssl_server_name"] = static (t, _) => t.ServerName,
            ["ssl_alpn_protocol"] = static (t, _) => t.AlpnProtocol,
            ["ssl_ech_status"] = static (_, _) => "",
            ["ssl_ech_outer_server_name"] = static (_, _) => "",
            ["ssl_client_cert"] = static (t, _) => Folded(t.PeerCertificate?.Pem),
            ["ssl_client_raw_cert"] = static (t, _) => t.PeerCertificate?.Pem ?? "",
            ["ssl_client_escaped_cert"] = static (t, _) => Escaped(t.PeerCertificate?.Pem),
            ["ssl_client_s_dn"] = static (t, _) => t.PeerCertificate?.SubjectDn ?? "",
            ["ssl_client_i_dn"] = static (t, _) => t.PeerCertificate?.IssuerDn ?? "",
            ["ssl_client_s_dn_legacy"] = static (t, _) => t.PeerCertificate?.SubjectDnLegacy ?? "",
            ["ssl_client_i_dn_legacy"] = static (t, _) => t.PeerCertificate?.IssuerDnLegacy ?? "",
            ["ssl_client_serial"] = static (t, _) => t.PeerCertificate?.SerialNumber ?? "",
            ["ssl_client_fingerprint"] = static (t, _) => t.PeerCertificate?.Fingerprint ?? "",
            ["ssl_client_verify"] = static (t, _) => t.ClientVerify,
            ["ssl_client_v_start"] = static (t, _) => t.PeerCertificate?.NotBefore ?? "",
            ["ssl_client_v_end"] = static (t, _) => t.PeerCertificate?.NotAfter ?? "",
            ["ssl_client_v_remain"] = static (t, clock) =>
                t.PeerCertificate?.RemainingDays(clock.GetUtcNow()).ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "",
            ["ssl_client_sigalg"] = static (_, _) => "",
        };

    // A field of several lines: each but the first begins with a tab.
    private static string Folded(string? pem) => pem?[..^1].Replace("\n", "\n\t") ?? "";

    private static string Escaped(string? pem)
    {
        if (pem is null)
            return "";
        var output = new System.Buffers.ArrayBufferWriter<byte>(2 * pem.Length);
        UriEscape.Component(Latin1.Bytes(pem), output);
        return Latin1.Text(output.WrittenSpan);
    }
}
