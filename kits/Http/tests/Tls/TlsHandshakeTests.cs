using System.Text;

namespace Microcosm.Http.Tests;

/// <summary>Handshakes that fail, and why.</summary>
public sealed class TlsHandshakeTests : TlsTest
{
    [Fact]
    public void Versions_without_a_common_one_fail_on_both_sides()
    {
        var pair = Fail(o => o with { Protocols = TlsProtocols.Tls13 }, o => o with { Protocols = TlsProtocols.Tls12 });
        Assert.Equal("SSL_do_handshake() failed (SSL: error:0A000102:SSL routines::unsupported protocol)", pair.Server.Failure!.Message);
        Assert.Equal(TlsFailure.Peer, pair.Server.Failure.Failure);
        Assert.Equal("SSL_do_handshake() failed (SSL: error:0A00042E:SSL routines::tlsv1 alert protocol version:SSL alert number 70)",
            pair.Client.Failure!.Message);
        Assert.Equal(TlsFailure.Peer, pair.Client.Failure.Failure);
        Assert.Equal("closed", pair.ServerSocket.State);
    }

    [Fact]
    public void Ciphers_without_a_common_one_fail()
    {
        var pair = Fail(o => o with { Protocols = TlsProtocols.Tls12, Ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256" },
            o => o with { Ciphers = "ECDHE-ECDSA-AES256-GCM-SHA384", Protocols = TlsProtocols.Tls12 });
        Assert.Equal("SSL_do_handshake() failed (SSL: error:0A0000C1:SSL routines::no shared cipher)", pair.Server.Failure!.Message);
    }

    [Fact]
    public void A_server_without_a_certificate_fails()
    {
        var pair = Fail(o => o with { Certificates = [] });
        Assert.Contains("no suitable signature algorithm", pair.Server.Failure!.Message);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("\n")]
    [InlineData("\x15\x03\x01")]
    public void Who_speaks_something_else_is_told_apart_by_the_first_byte(string greeting)
    {
        var pair = new TlsPair(TlsPair.NewServer(), TlsPair.NewClient());
        pair.Server.TakesPlain = true;
        pair.ServerSocket.Send(greeting);
        Assert.Equal(["plain"], pair.Server.Events);
        Assert.Equal(greeting, Encoding.Latin1.GetString(pair.Server.Received));
        Assert.Same(pair.ServerSocket, pair.Server.Transport);
        pair.Server.Write("in the clear"u8);
        Assert.Equal("in the clear", pair.ServerSocket.TakeSent());
        pair.ServerSocket.Send("more");
        Assert.Equal(greeting + "more", Encoding.Latin1.GetString(pair.Server.Received));
        pair.ServerSocket.EndInput();
        pair.ServerSocket.Close();
        pair.Worker.Carrier.Run();
        Assert.Equal(["plain", "input ended", "closed"], pair.Server.Events);
    }

    [Fact]
    public void Who_speaks_something_else_to_nobody_is_closed()
    {
        var pair = new TlsPair(TlsPair.NewServer(), TlsPair.NewClient());
        pair.ServerSocket.Send("GET / HTTP/1.1\r\n\r\n");
        pair.Worker.Carrier.Run();
        Assert.Equal("closed", pair.ServerSocket.State);
        Assert.Equal(["plain"], pair.Server.Events);
    }

    [Fact]
    public void A_greeting_that_is_not_TLS_fails_in_OpenSSLs_words()
    {
        var pair = new TlsPair(TlsPair.NewServer(), TlsPair.NewClient());
        pair.ServerSocket.Send("\x16 garbage that is long enough");
        pair.Run();
        Assert.Equal("SSL_do_handshake() failed (SSL: error:0A00010B:SSL routines::wrong version number)", pair.Server.Failure!.Message);
        Assert.Equal(TlsFailure.Peer, pair.Server.Failure.Failure);
    }

    [Fact]
    public void A_peer_that_leaves_early_is_said_to_have_left()
    {
        var pair = new TlsPair(TlsPair.NewServer(), TlsPair.NewClient());
        pair.ServerSocket.Send(pair.TakeFromClient().AsSpan(0, 100));
        pair.ServerSocket.EndInput();
        pair.Worker.Carrier.Run();
        Assert.Equal("peer closed connection in SSL handshake", pair.Server.Failure!.Message);
        Assert.Equal(TlsFailure.PeerClosed, pair.Server.Failure.Failure);
        Assert.Equal("closed", pair.ServerSocket.State);
    }

    [Fact]
    public void A_reset_in_the_handshake_is_told_once()
    {
        var pair = new TlsPair(TlsPair.NewServer(), TlsPair.NewClient());
        pair.ServerSocket.Reset();
        pair.Worker.Carrier.Run();
        Assert.Equal(["failed"], pair.Server.Events);
        Assert.Equal(TlsFailure.PeerClosed, pair.Server.Failure!.Failure);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public void A_handshake_has_to_be_complete_in_time(int sent)
    {
        var pair = new TlsPair(TlsPair.NewServer(o => o with { HandshakeTimeoutMs = 5_000 }), TlsPair.NewClient());
        pair.ServerSocket.Send(pair.TakeFromClient().AsSpan(0, sent));
        pair.Worker.Advance(4_999);
        Assert.Empty(pair.Server.Events);
        pair.Worker.Advance(1);
        Assert.Equal("client timed out (110: Connection timed out)", pair.Server.Failure!.Message);
        Assert.Equal("closed", pair.ServerSocket.State);
        pair.Worker.Advance(55_001);
        Assert.Equal("upstream timed out (110: Connection timed out)", pair.Client.Failure!.Message);
    }

    [Fact]
    public void A_failure_that_the_peer_does_not_read_ends_in_time()
    {
        var worker = TestWorker.New();
        var (socket, peer) = (new StuckTransport(), new TlsPeer());
        socket.Session = TlsSession.Accept(worker, socket, TlsPair.NewServer(o => o with { HandshakeTimeoutMs = 5_000 }), peer);
        socket.Session.Receive("\x16 garbage that is long enough"u8);
        Assert.Equal(["failed"], peer.Events);
        worker.Advance(4_999);
        Assert.False(socket.IsAborted);
        worker.Advance(1);
        Assert.True(socket.IsAborted);
    }

    [Fact]
    public void Beginning_anew_is_refused()
    {
        var pair = TlsPair.Opened(o => o with { Protocols = TlsProtocols.Tls12 });
        NativeTls.Renegotiate(pair.ClientTls);
        pair.Client.Write(""u8);
        pair.ClientSocket.ReleaseAll();
        pair.Run();
        Assert.DoesNotContain("asked for localhost", pair.Server.Events);
        var error = Assert.IsType<TlsException>(pair.Client.ClosedBy);
        Assert.Contains("no renegotiation", error.Message);
    }

    [Fact]
    public void A_record_that_was_changed_fails_the_connection()
    {
        var pair = TlsPair.Opened();
        pair.Client.Write("intact"u8);
        var record = pair.TakeFromClient();
        record[^1] ^= 1;
        pair.ServerSocket.Send(record);
        pair.Run();
        var error = Assert.IsType<TlsException>(pair.Server.ClosedBy);
        Assert.Equal("SSL_read() failed (SSL: error:0A000119:SSL routines::decryption failed or bad record mac)", error.Message);
        Assert.Empty(pair.Server.Received);
        Assert.Contains("bad record mac", Assert.IsType<TlsException>(pair.Client.ClosedBy).Message);
    }

    [Fact]
    public void An_exception_of_the_front_end_is_its_own()
    {
        var pair = new TlsPair(TlsPair.NewServer(), TlsPair.NewClient());
        pair.Server.OnChoose = _ => throw new InvalidOperationException("no such server");
        Assert.Equal("no such server", Assert.Throws<InvalidOperationException>(() => pair.Run()).Message);
    }

    private static TlsPair Fail(
        Func<TlsServerOptions, TlsServerOptions>? server = null, Func<TlsClientOptions, TlsClientOptions>? client = null)
    {
        var pair = new TlsPair(TlsPair.NewServer(server), TlsPair.NewClient(client));
        pair.Run();
        Assert.Contains("failed", pair.Server.Events);
        Assert.Equal(["failed"], pair.Client.Events);
        return pair;
    }
}
