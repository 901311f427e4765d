using System.Text;

namespace Microcosm.Http.Tests;

/// <summary>What is wrong with settings is said in nginx' words.</summary>
public sealed class TlsContextTests : TlsTest
{
    private static readonly TlsFile Nothing = new("/etc/empty.pem", ReadOnlyMemory<byte>.Empty);

    [Fact]
    public void OpenSSL_says_its_version() => Assert.StartsWith("OpenSSL 3.", OpenSsl.Version);

    [Fact]
    public void A_file_without_a_certificate() => Fails(
        "cannot load certificate \"/etc/empty.pem\": PEM_read_bio_X509_AUX() failed (SSL: error:0480006C:PEM routines::no start line:"
            + "Expecting: TRUSTED CERTIFICATE)",
        o => o with { Certificates = [TestAuthority.Localhost with { Chain = Nothing }] });

    [Fact]
    public void A_broken_certificate_in_a_chain()
    {
        var chain = Encoding.ASCII.GetString(TestAuthority.Localhost.Chain.Bytes.Span);
        var broken = TestAuthority.Pem("chain.pem", chain + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        Assert.StartsWith("cannot load certificate \"chain.pem\": PEM_read_bio_X509() failed (SSL: error:",
            Error(o => o with { Certificates = [TestAuthority.Localhost with { Chain = broken }] }));
    }

    [Fact]
    public void A_file_without_a_key() => Assert.StartsWith(
        "cannot load certificate key \"/etc/empty.pem\": PEM_read_bio_PrivateKey() failed (SSL: error:",
        Error(o => o with { Certificates = [TestAuthority.Localhost with { Key = Nothing }] }));

    [Fact]
    public void A_key_of_another_certificate() => Fails(
        "SSL_CTX_use_PrivateKey(\"localhost.key\") failed (SSL: error:05800074:x509 certificate routines::key values mismatch)",
        o => o with { Certificates = [TestAuthority.Localhost with { Key = TestAuthority.Default.Issue("localhost").Key }] });

    [Fact]
    public void An_encrypted_key_needs_one_of_its_passwords()
    {
        var certificate = TestAuthority.Default.Issue("localhost", password: "right");
        TlsPair.Opened(o => o with { Certificates = [certificate with { Passwords = ["wrong", "right"] }] });
        foreach (var passwords in (string[][])[[], ["wrong"]])
        {
            Assert.StartsWith("cannot load certificate key \"localhost.key\": PEM_read_bio_PrivateKey() failed (SSL: error:",
                Error(o => o with { Certificates = [certificate with { Passwords = passwords }] }));
        }
    }

    [Fact]
    public void Ciphers_that_there_are_not() => Fails(
        "SSL_CTX_set_cipher_list(\"NOT-A-CIPHER\") failed (SSL: error:0A0000B9:SSL routines::no cipher match)",
        o => o with { Ciphers = "NOT-A-CIPHER" });

    [Fact]
    public void Curves_that_there_are_not() =>
        Assert.StartsWith("SSL_CTX_set1_curves_list(\"no-curve\") failed", Error(o => o with { Curves = "no-curve" }));

    [Fact]
    public void Authorities_and_revocations_that_cannot_be_read()
    {
        const string NoCertificate = "cannot load certificate \"/etc/empty.pem\": PEM_read_bio_X509_AUX() failed";
        Assert.StartsWith(NoCertificate, Error(o => o with { ClientAuthorities = Nothing }));
        Assert.StartsWith(NoCertificate, Error(o => o with { TrustedAuthorities = Nothing }));
        Assert.StartsWith("cannot load CRL \"/etc/empty.pem\": PEM_read_bio_X509_CRL() failed", Error(o => o with { Crl = Nothing }));
        Assert.StartsWith("PEM_read_bio_Parameters(\"/etc/empty.pem\") failed", Error(o => o with { DhParameters = Nothing }));
        Assert.StartsWith("d2i_OCSP_RESPONSE_bio(\"/etc/empty.pem\") failed", Error(o => o with { OcspResponse = Nothing }));
    }

    [Fact]
    public void Commands_of_OpenSSL_are_carried_out()
    {
        Fails("SSL_CONF_cmd(\"NoCommand\", \"x\") failed (SSL: error:0A000182:SSL routines::unknown cmd name:cmd=NoCommand)",
            o => o with { ConfigurationCommands = [new("NoCommand", "x")] });
        var pair = TlsPair.Opened(o => o with { ConfigurationCommands = [new("Ciphersuites", "TLS_CHACHA20_POLY1305_SHA256")] });
        Assert.Equal("TLS_CHACHA20_POLY1305_SHA256", pair.ServerTls.Info.Cipher);
    }

    [Fact]
    public void Curves_and_the_order_of_ciphers_are_the_servers()
    {
        var pair = TlsPair.Opened(
            o => o with
            {
                Curves = "secp384r1", Protocols = TlsProtocols.Tls12, PrefersServerCiphers = true, Ciphers = "AES128-SHA:ECDHE+AES256",
            },
            o => o with { Ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES256-SHA384" });
        Assert.Equal("secp384r1", pair.ServerTls.Info.Curve);
        Assert.Equal("ECDHE-ECDSA-AES256-GCM-SHA384", pair.ServerTls.Info.Cipher);
    }

    [Fact]
    public void Parameters_bring_DHE_ciphers()
    {
        // The group ffdhe2048 of RFC 7919.
        var parameters = TestAuthority.Pem("dh.pem", """
            -----BEGIN DH PARAMETERS-----
            MIIBDAKCAQEA//////////+t+FRYortKmq/cViAnPTzx2LnFg84tNpWp4TZBFGQz
            +8yTnc4kmz75fS/jY2MMddj2gbICrsRhetPfHtXV/WVhJDP1H18GbtCFY2VVPe0a
            87VXE15/V8k1mE8McODmi3fipona8+/och3xWKE2rec1MKzKT0g6eXq8CrGCsyT7
            YdEIqUuyyOP7uWrat2DX9GgdT0Kj3jlN9K5W7edjcrsZCwenyO4KbXCeAvzhzffi
            7MA0BM0oNC9hkXL+nOmFg/+OTxIy7vKBg8P+OxtMb61zO7X8vC7CIAXFjvGDfRaD
            ssbzSibBsu/6iGtCOGEoXJf//////////wIBAgICAOE=
            -----END DH PARAMETERS-----
            """);
        var pair = TlsPair.Opened(
            o => o with
            {
                Certificates = [TestAuthority.Default.Issue("localhost", isRsa: true)], Protocols = TlsProtocols.Tls12,
                DhParameters = parameters,
            },
            o => o with { Ciphers = "DHE-RSA-AES128-GCM-SHA256" });
        Assert.Equal("DHE-RSA-AES128-GCM-SHA256", pair.ServerTls.Info.Cipher);
    }

    private static void Fails(string message, Func<TlsServerOptions, TlsServerOptions> with) => Assert.Equal(message, Error(with));

    private static string Error(Func<TlsServerOptions, TlsServerOptions> with)
    {
        var error = Assert.Throws<TlsException>(() => TlsPair.NewServer(with));
        Assert.Equal(TlsFailure.Setting, error.Failure);
        return error.Message;
    }
}
