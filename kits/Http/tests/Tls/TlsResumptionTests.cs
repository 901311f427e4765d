using Microcosm.Runtime;

namespace Microcosm.Http.Tests;

/// <summary>Sessions that are taken up again.</summary>
public sealed class TlsResumptionTests : TlsTest
{
    private static readonly TlsTarget Target = new("localhost", SessionKey: "upstream");
    private static readonly WorldClock Clock = new(null, new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData(TlsProtocols.Tls12)]
    [InlineData(TlsProtocols.Tls13)]
    public void A_ticket_takes_a_session_up(TlsProtocols protocols)
    {
        var (server, client) = (TlsPair.NewServer(o => o with { Protocols = protocols }), TlsPair.NewClient());
        Assert.Equal([false, true, true], [Resumes(server, client), Resumes(server, client), Resumes(server, client)]);
        Assert.Equal(1, client.SessionCount);
    }

    [Theory]
    [InlineData(TlsProtocols.Tls12, TlsSessionCaching.Shared)]
    [InlineData(TlsProtocols.Tls13, TlsSessionCaching.Shared)]
    [InlineData(TlsProtocols.Tls12, TlsSessionCaching.Builtin)]
    [InlineData(TlsProtocols.Tls13, TlsSessionCaching.Builtin)]
    [InlineData(TlsProtocols.Tls12, TlsSessionCaching.BuiltinAndShared)]
    public void An_id_takes_a_session_up(TlsProtocols protocols, TlsSessionCaching caching)
    {
        var cache = new TlsSessionCache(100_000, Clock);
        var server = TlsPair.NewServer(o => o with
        {
            Protocols = protocols, SessionTickets = false, SessionCaching = caching, SessionCache = cache,
        });
        var client = TlsPair.NewClient();
        Assert.Equal([false, true, true], [Resumes(server, client), Resumes(server, client), Resumes(server, client)]);
        Assert.Equal(caching == TlsSessionCaching.Builtin, cache.Count == 0);
    }

    [Theory]
    [InlineData(TlsSessionCaching.None)]
    [InlineData(TlsSessionCaching.Off)]
    public void Without_tickets_and_cache_every_session_is_new(TlsSessionCaching caching)
    {
        var server = TlsPair.NewServer(o => o with { Protocols = TlsProtocols.Tls12, SessionTickets = false, SessionCaching = caching });
        var client = TlsPair.NewClient();
        Assert.Equal([false, false], [Resumes(server, client), Resumes(server, client)]);
    }

    [Fact]
    public void Contexts_share_a_cache_and_the_keys_of_their_tickets()
    {
        foreach (var tickets in (bool[])[false, true])
        {
            var cache = new TlsSessionCache(100_000, Clock);
            TlsServerContext New() => TlsPair.NewServer(o => o with
            {
                Protocols = TlsProtocols.Tls12, SessionTickets = tickets, SessionCaching = TlsSessionCaching.Shared, SessionCache = cache,
            });
            var client = TlsPair.NewClient();
            Assert.Equal([false, true], [Resumes(New(), client), Resumes(New(), client)]);
        }
    }

    [Fact]
    public void Servers_of_other_certificates_do_not_take_each_others_sessions()
    {
        var cache = new TlsSessionCache(100_000, Clock);
        TlsServerContext New(TlsCertificate certificate) => TlsPair.NewServer(o => o with
        {
            Certificates = [certificate], SessionCaching = TlsSessionCaching.Shared, SessionCache = cache,
        });
        var client = TlsPair.NewClient();
        Assert.Equal([false, false],
            [Resumes(New(TestAuthority.Localhost), client), Resumes(New(TestAuthority.Default.Issue("localhost")), client)]);
    }

    [Fact]
    public void What_is_to_be_forgotten_is_not_taken_up()
    {
        var cache = new TlsSessionCache(100_000, Clock);
        var server = TlsPair.NewServer(o => o with
        {
            Protocols = TlsProtocols.Tls12, SessionTickets = false, SessionCaching = TlsSessionCaching.Shared, SessionCache = cache,
        });
        var client = TlsPair.NewClient();
        var pair = new TlsPair(server, client, Target);
        pair.Run();
        Assert.Equal(1, cache.Count);
        pair.ServerTls.ForgetSession();
        Assert.Equal(0, cache.Count);
        Assert.False(Resumes(server, client));
    }

    [Fact]
    public void A_full_cache_forgets_the_oldest()
    {
        var cache = new TlsSessionCache(3000, Clock);
        for (var i = 0; i < 100; i++)
            cache.Keep([(byte)i, 1, 2, 3], new byte[172], 300);
        Assert.Equal(10, cache.Count);
        Assert.Null(cache.Find([89, 1, 2, 3]));
        Assert.NotNull(cache.Find([90, 1, 2, 3]));
        cache.Keep([90, 1, 2, 3], new byte[4097], 300);
        Assert.Equal(172, cache.Find([90, 1, 2, 3])!.Length);
        cache.Forget([90, 1, 2, 3]);
        Assert.Null(cache.Find([90, 1, 2, 3]));
        Assert.Null(cache.Find([]));
        Assert.Null(cache.Find(new byte[33]));
    }

    [Fact]
    public void Kept_sessions_end_in_time()
    {
        var clock = new WorldClock(null, new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var cache = new TlsSessionCache(100_000, clock);
        cache.Keep([1], new byte[100], 300);
        clock.Advance(TimeSpan.FromSeconds(299));
        Assert.NotNull(cache.Find([1]));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(cache.Find([1]));
        Assert.Equal(0, cache.Count);
    }

    [Theory]
    [InlineData(48, TlsProtocols.Tls12)]
    [InlineData(80, TlsProtocols.Tls12)]
    [InlineData(48, TlsProtocols.Tls13)]
    [InlineData(80, TlsProtocols.Tls13)]
    public void Keys_of_files_are_rotated(int length, TlsProtocols protocols)
    {
        var (first, second) = (new TlsFile("1.key", Bytes(length)), new TlsFile("2.key", Bytes(length).Reverse().ToArray()));
        TlsServerContext New(params TlsFile[] keys) =>
            TlsPair.NewServer(o => o with { Protocols = protocols, TicketKeys = new TlsTicketKeys(keys) });
        var client = TlsPair.NewClient();
        Assert.False(Resumes(New(first), client));
        Assert.True(Resumes(New(first), client));
        // Still decrypts, and gives a ticket of the new key.
        Assert.True(Resumes(New(second, first), client));
        Assert.True(Resumes(New(second), client));
        Assert.False(Resumes(New(first), client));
    }

    [Fact]
    public void Own_keys_change_and_the_one_before_still_decrypts()
    {
        var clock = new WorldClock(null, new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var keys = new TlsTicketKeys(clock, 100);
        var server = TlsPair.NewServer(o => o with { Protocols = TlsProtocols.Tls12, TicketKeys = keys });
        var client = TlsPair.NewClient();
        Assert.False(Resumes(server, client));
        clock.Advance(TimeSpan.FromSeconds(150));
        Assert.True(Resumes(server, client));
        clock.Advance(TimeSpan.FromSeconds(500));
        Assert.False(Resumes(server, client));
    }

    [Fact]
    public void Keys_have_a_length()
    {
        var error = Assert.Throws<TlsException>(() => new TlsTicketKeys([new TlsFile("ticket.key", new byte[49])]));
        Assert.Equal("\"ticket.key\" must be 48 or 80 bytes", error.Message);
    }

    [Fact]
    public void Sessions_of_another_key_are_not_taken()
    {
        var (server, client) = (TlsPair.NewServer(), TlsPair.NewClient());
        Assert.False(Resumes(server, client, Target));
        Assert.False(Resumes(server, client, Target with { SessionKey = "another" }));
        Assert.False(Resumes(server, client, Target with { SessionKey = null }));
        Assert.True(Resumes(server, client, Target));
    }

    [Fact]
    public void A_client_may_have_no_sessions()
    {
        var (server, client) = (TlsPair.NewServer(), TlsPair.NewClient(o => o with { ReusesSessions = false }));
        Assert.Equal([false, false], [Resumes(server, client), Resumes(server, client)]);
        Assert.Equal(0, client.SessionCount);
    }

    [Fact]
    public void A_connection_that_broke_leaves_its_session_good()
    {
        var server = TlsPair.NewServer(o => o with
        {
            Protocols = TlsProtocols.Tls12, SessionTickets = false, SessionCaching = TlsSessionCaching.Builtin,
        });
        var client = TlsPair.NewClient();
        var pair = new TlsPair(server, client, Target);
        pair.Run();
        pair.ServerSocket.Reset();
        pair.Run();
        Assert.True(Resumes(server, client));
    }

    [Fact]
    public void What_was_found_of_a_client_is_remembered_with_its_session()
    {
        var server = TlsPair.NewServer(o => o with
        {
            ClientVerification = TlsClientVerification.Optional, ClientAuthorities = TestAuthority.Default.File,
        });
        var client = TlsPair.NewClient(o => o with { Certificates = [new TestAuthority("stranger").Issue("client")] });
        for (var i = 0; i < 2; i++)
        {
            var pair = new TlsPair(server, client, Target);
            pair.Run();
            Assert.Equal(i == 1, pair.ServerTls.Info.IsResumed);
            Assert.Equal("FAILED:unable to verify the first certificate", pair.ServerTls.Info.ClientVerify);
            Assert.Equal("CN=client,O=Tests", pair.ServerTls.Info.PeerCertificate!.SubjectDn);
        }
    }

    private static bool Resumes(TlsServerContext server, TlsClientContext client, TlsTarget? target = null)
    {
        var pair = new TlsPair(server, client, target ?? Target);
        pair.Run();
        pair.Client.Transport.Close();
        pair.Run();
        pair.Server.Transport.Close();
        Assert.Equal(pair.ServerTls.Info.IsResumed, pair.ClientTls.Info.IsResumed || pair.ServerTls.Info.IsResumed);
        var isResumed = pair.ServerTls.Info.IsResumed;
        pair.Run();
        return isResumed;
    }
}
