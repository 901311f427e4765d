using System.Text;

namespace Microcosm.Http.Tests;

/// <summary>Certificates of servers and of clients.</summary>
public sealed class TlsCertificateTests : TlsTest
{
    private static readonly TestAuthority Stranger = new("stranger");
    private static readonly TlsCertificate Client = TestAuthority.Default.Issue("client");

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST")]
    [InlineData("www.example.org")]
    [InlineData("127.0.0.1")]
    [InlineData(null)]
    public void A_good_server_is_taken(string? name)
    {
        var pair = Connect(TestAuthority.Localhost, name);
        Assert.Equal(["opened"], pair.Client.Events);
        Assert.Equal(0, pair.ClientTls.Info.VerifyError);
    }

    [Theory]
    [InlineData("other")]
    [InlineData("a.b.example.org")]
    [InlineData("127.0.0.2")]
    [InlineData("")]
    public void A_server_of_another_name_is_refused(string name)
    {
        var pair = Connect(TestAuthority.Localhost, name);
        Assert.Equal(TlsFailure.Name, pair.Client.Failure!.Failure);
        Assert.Equal($"upstream SSL certificate does not match \"{name}\"", pair.Client.Failure.Message);
        Assert.Equal("closed", pair.ClientSocket.State);
    }

    [Fact]
    public void A_server_of_an_unknown_authority_is_refused()
    {
        var pair = Connect(Stranger.Issue("localhost"), "localhost");
        Assert.Equal(TlsFailure.Certificate, pair.Client.Failure!.Failure);
        Assert.Equal("upstream SSL certificate verify error: (21:unable to verify the first certificate)", pair.Client.Failure.Message);
    }

    [Fact]
    public void Certificates_expire_by_the_clock_of_the_node()
    {
        var worker = TestWorker.New();
        var certificate = TestAuthority.Default.Issue("localhost", until: worker.Clock.GetUtcNow().AddDays(30));
        Assert.Equal(["opened"], Connect(certificate, "localhost", worker).Client.Events);
        worker.Advance(31L * 86_400_000);
        var pair = Connect(certificate, "localhost", worker);
        Assert.Equal("upstream SSL certificate verify error: (10:certificate has expired)", pair.Client.Failure!.Message);
    }

    [Fact]
    public void A_revoked_server_is_refused()
    {
        TlsPair With(TlsCertificate revoked) =>
            Connect(TestAuthority.Localhost, "localhost", with: o => o with { Crl = TestAuthority.Default.Revoke(revoked) });
        var pair = With(TestAuthority.Localhost);
        Assert.Equal("upstream SSL certificate verify error: (23:certificate revoked)", pair.Client.Failure!.Message);
        Assert.Equal(["opened"], With(Client).Client.Events);
    }

    [Fact]
    public void A_client_that_does_not_verify_takes_anybody() =>
        Assert.Equal(["opened"], Connect(Stranger.Issue("localhost"), "other", with: o => o with { Verifies = false }).Client.Events);

    [Theory]
    [InlineData("RSA", "ECDHE-RSA-AES128-GCM-SHA256")]
    [InlineData("ECDSA", "ECDHE-ECDSA-AES128-GCM-SHA256")]
    public void A_server_with_two_kinds_of_keys_uses_what_the_client_speaks(string kind, string cipher)
    {
        var pair = TlsPair.Opened(
            o => o with
            {
                Certificates = [TestAuthority.Default.Issue("localhost", isRsa: true), TestAuthority.Localhost],
                Protocols = TlsProtocols.Tls12,
            },
            o => o with { Ciphers = $"a{kind}+AES128" });
        Assert.Equal(cipher, pair.ServerTls.Info.Cipher);
    }

    [Theory]
    [InlineData(TlsClientVerification.On, TlsProtocols.Tls12)]
    [InlineData(TlsClientVerification.Optional, TlsProtocols.Tls13)]
    public void A_good_client_is_known(TlsClientVerification verification, TlsProtocols protocols)
    {
        var pair = Ask(verification, Client, protocols);
        var info = pair.ServerTls.Info;
        Assert.Equal("SUCCESS", info.ClientVerify);
        var peer = info.PeerCertificate!;
        Assert.Equal("CN=client,O=Tests", peer.SubjectDn);
        Assert.Equal("/O=Tests/CN=client", peer.SubjectDnLegacy);
        Assert.Equal("CN=test authority", peer.IssuerDn);
        Assert.Equal("/CN=test authority", peer.IssuerDnLegacy);
        Assert.Matches("^0102[0-9A-F]{12}$", peer.SerialNumber);
        Assert.Matches("^[0-9a-f]{40}$", peer.Fingerprint);
        Assert.Equal("Jan  1 00:00:00 2020 GMT", peer.NotBefore);
        Assert.Equal("Jan  1 00:00:00 2049 GMT", peer.NotAfter);
        Assert.Equal(2, peer.RemainingDays(TestAuthority.End.AddDays(-2.5)));
        Assert.Equal(0, peer.RemainingDays(TestAuthority.End.AddDays(1)));
        Assert.Equal(Encoding.ASCII.GetString(Client.Chain.Bytes.Span), peer.Pem);
    }

    [Fact]
    public void A_client_without_a_certificate_is_let_through_to_the_front_end()
    {
        var pair = Ask(TlsClientVerification.On, null, TlsProtocols.Tls13);
        Assert.Equal("NONE", pair.ServerTls.Info.ClientVerify);
        Assert.Null(pair.ServerTls.Info.PeerCertificate);
    }

    [Fact]
    public void A_bad_client_is_let_through_to_the_front_end()
    {
        var pair = Ask(TlsClientVerification.OptionalNoCa, Stranger.Issue("client"), TlsProtocols.Tls13);
        Assert.Equal("FAILED:unable to verify the first certificate", pair.ServerTls.Info.ClientVerify);
        Assert.Equal(21, pair.ServerTls.Info.VerifyError);
        Assert.True(pair.ServerTls.Info.IsIssuerUnknown);
        var expired = TestAuthority.Default.Issue("client", until: TestAuthority.Begin.AddDays(1));
        var old = Ask(TlsClientVerification.On, expired, TlsProtocols.Tls13);
        Assert.Equal("FAILED:certificate has expired", old.ServerTls.Info.ClientVerify);
        Assert.False(old.ServerTls.Info.IsIssuerUnknown);
    }

    [Fact]
    public void A_client_is_not_asked_where_certificates_are_off()
    {
        var pair = Ask(TlsClientVerification.Off, Client, TlsProtocols.Tls13);
        Assert.Equal("NONE", pair.ServerTls.Info.ClientVerify);
    }

    [Fact]
    public void What_a_client_speaks_is_told()
    {
        var pair = TlsPair.Opened(client: o => o with
        {
            Ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256", ConfigurationCommands = [new("Groups", "P-384:X25519")],
        });
        var info = pair.ServerTls.Info;
        Assert.Equal("TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:ECDHE-ECDSA-AES128-GCM-SHA256:"
            + "TLS_EMPTY_RENEGOTIATION_INFO_SCSV", info.ClientCiphers.Replace("0x00ff", "TLS_EMPTY_RENEGOTIATION_INFO_SCSV"));
        Assert.Equal("secp384r1:X25519", info.ClientCurves);
        Assert.Equal("secp384r1", info.Curve);
        Assert.Contains("0x0403", info.ClientSignatureAlgorithms.Split(':'));
        Assert.Matches("^[0-9a-f]{64}$", info.SessionId);
    }

    private static TlsPair Ask(TlsClientVerification verification, TlsCertificate? client, TlsProtocols protocols) => TlsPair.Opened(
        o => o with { ClientVerification = verification, ClientAuthorities = TestAuthority.Default.File, Protocols = protocols },
        o => o with { Certificates = client is null ? [] : [client] });

    private static TlsPair Connect(
        TlsCertificate server, string? name, TestWorker? worker = null, Func<TlsClientOptions, TlsClientOptions>? with = null)
    {
        var client = TlsPair.NewClient(o =>
            (with ?? (p => p))(o with { Verifies = true, TrustedAuthorities = TestAuthority.Default.File }));
        var context = TlsPair.NewServer(o => o with { Certificates = [server] });
        var pair = new TlsPair(context, client, new TlsTarget("localhost", name), worker);
        pair.Run();
        return pair;
    }
}
