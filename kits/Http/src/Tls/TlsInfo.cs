using System.Text;

namespace Microcosm.Http;

/// <summary>
/// What a connection agreed on, as nginx' $ssl_ variables tell it. Texts are byte for byte as Latin-1, and empty where there is nothing to
/// tell: before the handshake is complete, and after the connection has closed.
/// </summary>
public sealed unsafe class TlsInfo
{
    private TlsPeerCertificate? _certificate;

    internal TlsInfo()
    {
    }

    /// <summary>Whose it is; null while there was no sign of TLS.</summary>
    internal TlsEngine? Engine { get; set; }

    private nint Pointer => Engine?.Pointer ?? 0;

    /// <summary>The version: <c>TLSv1.3</c>.</summary>
    public string Protocol => Pointer is not 0 and var ssl ? OpenSslErrors.TextOf(LibSslConnection.VersionName(ssl)) : "";

    /// <summary>The cipher: <c>TLS_AES_256_GCM_SHA384</c>.</summary>
    public string Cipher => Pointer is not 0 and var ssl && LibSslConnection.CurrentCipher(ssl) is not 0 and var cipher
        ? OpenSslErrors.TextOf(LibSslConnection.CipherName(cipher))
        : "";

    /// <summary>The name that the client asked for; of a client, nothing.</summary>
    public string ServerName { get; internal set; } = "";

    /// <summary>True where the session was taken up from an earlier connection.</summary>
    public bool IsResumed => Pointer is not 0 and var ssl && LibSslConnection.IsResumed(ssl) == 1;

    /// <summary>The application's protocol that was chosen: <c>h2</c>.</summary>
    public string AlpnProtocol
    {
        get
        {
            if (Pointer is not (not 0 and var ssl))
                return "";
            byte* name;
            uint length;
            LibSslConnection.SelectedProtocol(ssl, &name, &length);
            return Encoding.Latin1.GetString(new ReadOnlySpan<byte>(name, (int)length));
        }
    }

    /// <summary>The session's id, in hexadecimal digits.</summary>
    public string SessionId
    {
        get
        {
            if (Pointer is not (not 0 and var ssl) || LibSslConnection.SessionOf(ssl) is not (not 0 and var session))
                return "";
            uint length;
            var id = LibSsl.SessionId(session, &length);
            return Convert.ToHexStringLower(new ReadOnlySpan<byte>(id, (int)length));
        }
    }

    /// <summary>What the client speaks: names of ciphers, or codes where they have none here, with colons between them. A session that was
    /// taken up has none.</summary>
    public string ClientCiphers
    {
        get
        {
            if (Pointer is not (not 0 and var ssl))
                return "";
            byte* codes;
            var length = (int)LibSslConnection.Control(ssl, LibSsl.ControlRawCiphers, 0, &codes);
            var names = new List<string>();
            for (var at = 0; at + 1 < length; at += 2)
            {
                var cipher = LibSslConnection.FindCipher(ssl, codes + at);
                names.Add(cipher != 0
                    ? OpenSslErrors.TextOf(LibSslConnection.CipherName(cipher))
                    : $"0x{codes[at]:x2}{codes[at + 1]:x2}");
            }
            return string.Join(':', names);
        }
    }

    /// <summary>The group that keys were exchanged in: <c>X25519</c>.</summary>
    public string Curve => Pointer is not 0 and var ssl
        ? GroupName((int)LibSslConnection.Control(ssl, LibSsl.ControlNegotiatedGroup, 0, null))
        : "";

    /// <summary>The groups that the client speaks, with colons between them.</summary>
    public string ClientCurves
    {
        get
        {
            if (Pointer is not (not 0 and var ssl))
                return "";
            var count = (int)LibSslConnection.Control(ssl, LibSsl.ControlGroups, 0, null);
            if (count <= 0)
                return "";
            var groups = new int[count];
            fixed (int* first = groups)
                LibSslConnection.Control(ssl, LibSsl.ControlGroups, 0, first);
            return string.Join(':', groups.Select(GroupName));
        }
    }

    /// <summary>Codes of the algorithms that the client takes signatures by, with colons between them.</summary>
    public string ClientSignatureAlgorithms
    {
        get
        {
            if (Pointer is not (not 0 and var ssl))
                return "";
            var count = LibSslConnection.SignatureAlgorithm(ssl, -1, null, null, null, null, null);
            var codes = new List<string>();
            for (var i = 0; i < count; i++)
            {
                byte sign, hash;
                LibSslConnection.SignatureAlgorithm(ssl, i, null, null, null, &sign, &hash);
                codes.Add($"0x{hash:x2}{sign:x2}");
            }
            return string.Join(':', codes);
        }
    }

    /// <summary>The peer's certificate; null where it gave none.</summary>
    public TlsPeerCertificate? PeerCertificate
    {
        get
        {
            if (_certificate is null && Pointer is not 0 and var ssl && LibSslConnection.PeerCertificate(ssl) is not 0 and var peer)
                _certificate = new TlsPeerCertificate(peer);
            return _certificate;
        }
    }

    /// <summary>What is wrong with the peer's certificate, by OpenSSL's number (X509_V_ERR_); 0 for nothing.</summary>
    public int VerifyError => Pointer is not 0 and var ssl ? (int)LibSslConnection.VerifyResult(ssl) : 0;

    /// <summary>The same in OpenSSL's words.</summary>
    public string VerifyErrorText => OpenSslErrors.TextOf(LibCrypto.VerifyErrorText(VerifyError));

    /// <summary>True where nothing is wrong but that nobody known has issued the certificate.</summary>
    public bool IsIssuerUnknown => VerifyError is 18 or 19 or 20 or 21 or 27;

    /// <summary><c>SUCCESS</c>, <c>FAILED:</c> with the reason, or <c>NONE</c>.</summary>
    public string ClientVerify => PeerCertificate is null ? "NONE" : VerifyError == 0 ? "SUCCESS" : $"FAILED:{VerifyErrorText}";

    private static string GroupName(int number)
    {
        if (number == 0)
            return "";
        return (number & LibSslConnection.UnknownGroup) == 0
            ? OpenSslErrors.TextOf(LibCrypto.ShortName(number))
            : $"0x{number & 0xffff:x4}";
    }
}
