namespace Microcosm.Http.Tests;

/// <summary>Servers by name, and protocols of applications.</summary>
public sealed class TlsServerNameTests : TlsTest
{
    private static readonly TlsCertificate One = TestAuthority.Default.Issue("one.test");
    private static readonly TlsCertificate Two = TestAuthority.Default.Issue("two.test");

    [Theory]
    [InlineData(TlsProtocols.Tls12)]
    [InlineData(TlsProtocols.Tls13)]
    public void The_name_chooses_the_certificate(TlsProtocols protocols)
    {
        var (one, two) = (Context(One), Context(Two));
        foreach (var (name, chosen) in ((string?, string)[])[("two.test", "two"), ("other.test", "one"), (null, "one")])
        {
            var pair = new TlsPair(one, TlsPair.NewClient(o => o with { Protocols = protocols }), new TlsTarget(name));
            pair.Server.OnChoose = n => n == "two.test" ? two : one;
            pair.Run();
            Assert.Equal([$"asked for {name ?? "nobody"}", "opened"], pair.Server.Events);
            Assert.Equal($"CN={chosen}.test,O=Tests", pair.ClientTls.Info.PeerCertificate!.SubjectDn);
            Assert.Equal(name ?? "", pair.ServerTls.Info.ServerName);
            Assert.Same(chosen == "two" ? two : one, pair.ServerTls.Context);
        }
    }

    [Fact]
    public void The_chosen_server_decides_what_is_spoken()
    {
        var one = Context(One, o => o with { Protocols = TlsProtocols.Tls12, BufferBytes = 500 });
        var two = Context(Two, o => o with
        {
            Protocols = TlsProtocols.Tls13, AlpnProtocols = ["h2"], ClientVerification = TlsClientVerification.Optional,
            TrustedAuthorities = TestAuthority.Default.File,
        });
        var client = TlsPair.NewClient(o => o with { Certificates = [Two], AlpnProtocols = ["h2", "http/1.1"] });
        (string, string)[] expected = [("one", "TLSv1.2  NONE"), ("two", "TLSv1.3 h2 SUCCESS")];
        foreach (var (name, agreed) in expected)
        {
            var pair = new TlsPair(one, client, new TlsTarget(name));
            pair.Server.OnChoose = n => n == "two" ? two : one;
            pair.Run();
            var info = pair.ServerTls.Info;
            Assert.Equal(agreed, $"{info.Protocol} {info.AlpnProtocol} {info.ClientVerify}");
        }
    }

    [Fact]
    public void Certificates_may_be_found_at_each_handshake()
    {
        var asking = new TlsServerContext(new TlsServerOptions { AsksForCertificates = true });
        var pair = new TlsPair(asking, TlsPair.NewClient(), new TlsTarget("two.test"));
        pair.Server.OnCertify = tls =>
        {
            tls.Use(tls.Info.ServerName == "two.test" ? Two : One);
            return true;
        };
        pair.Run();
        Assert.Equal("CN=two.test,O=Tests", pair.ClientTls.Info.PeerCertificate!.SubjectDn);
        var none = new TlsPair(asking, TlsPair.NewClient(), new TlsTarget("two.test"));
        none.Run();
        Assert.Equal(["asked for two.test", "failed"], none.Server.Events.Take(2));
    }

    [Fact]
    public void A_connection_may_have_protocols_of_its_own()
    {
        var server = Context(One, o => o with { AlpnProtocols = ["http/1.1"] });
        var pair = new TlsPair(server, TlsPair.NewClient(o => o with { AlpnProtocols = ["http/1.1", "h2"] }), new TlsTarget("one"));
        pair.Server.OnChoose = _ =>
        {
            pair.ServerTls.Protocols = new TlsProtocolNames("h2");
            return server;
        };
        pair.Run();
        Assert.Equal("h2", pair.ServerTls.Info.AlpnProtocol);
    }

    [Fact]
    public void A_server_may_refuse_every_handshake()
    {
        var (none, two) = (new TlsServerContext(new TlsServerOptions { RejectsHandshakes = true }), Context(Two));
        var refused = new TlsPair(none, TlsPair.NewClient(), new TlsTarget("one.test"));
        refused.Run();
        Assert.Equal(TlsFailure.Rejected, refused.Server.Failure!.Failure);
        Assert.Equal("handshake rejected", refused.Server.Failure.Message);
        Assert.Equal("SSL_do_handshake() failed (SSL: error:0A000458:SSL routines::tlsv1 unrecognized name:SSL alert number 112)",
            refused.Client.Failure!.Message);
        var taken = new TlsPair(none, TlsPair.NewClient(), new TlsTarget("two.test"));
        taken.Server.OnChoose = _ => two;
        taken.Run();
        Assert.Equal(["opened"], taken.Client.Events);
    }

    [Fact]
    public void A_front_end_that_finds_no_server_fails_the_handshake()
    {
        var pair = new TlsPair(Context(One), TlsPair.NewClient());
        pair.Server.OnChoose = _ => null;
        pair.Run();
        Assert.Equal("SSL_do_handshake() failed (SSL: error:0A0000EA:SSL routines::callback failed)", pair.Server.Failure!.Message);
        Assert.Contains("internal error", pair.Client.Failure!.Message);
    }

    [Theory]
    [InlineData("h2,http/1.1", "http/1.1,h2", "h2")]
    [InlineData("http/1.1", "h2,http/1.1", "http/1.1")]
    [InlineData("", "h2", "")]
    [InlineData("h2", "", "")]
    public void The_servers_order_of_protocols_counts(string servers, string clients, string chosen)
    {
        var pair = new TlsPair(Context(One, o => o with { AlpnProtocols = Names(servers) }),
            TlsPair.NewClient(o => o with { AlpnProtocols = Names(clients) }));
        pair.Run();
        Assert.Equal(chosen, pair.ServerTls.Info.AlpnProtocol);
        Assert.Equal(chosen, pair.ClientTls.Info.AlpnProtocol);
    }

    [Fact]
    public void No_common_protocol_fails_the_handshake()
    {
        var pair = new TlsPair(Context(One, o => o with { AlpnProtocols = ["h2"] }),
            TlsPair.NewClient(o => o with { AlpnProtocols = ["spdy/3"] }));
        pair.Run();
        Assert.Equal("SSL_do_handshake() failed (SSL: error:0A0000EB:SSL routines::no application protocol)", pair.Server.Failure!.Message);
        Assert.Contains("no application protocol", pair.Client.Failure!.Message);
    }

    [Fact]
    public void Names_of_protocols_have_a_length() =>
        Assert.Throws<ArgumentException>(() => TlsPair.NewClient(o => o with { AlpnProtocols = [""] }));

    private static string[] Names(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries);

    private static TlsServerContext Context(TlsCertificate certificate, Func<TlsServerOptions, TlsServerOptions>? with = null) =>
        TlsPair.NewServer(o => (with ?? (p => p))(o with { Certificates = [certificate] }));
}
