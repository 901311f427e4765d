namespace Microcosm.Http.Tests;

/// <summary>How connections end.</summary>
public sealed class TlsEndTests : TlsTest
{
    [Theory]
    [InlineData(TlsProtocols.Tls12)]
    [InlineData(TlsProtocols.Tls13)]
    public void An_end_in_order_is_told_apart_from_a_cut(TlsProtocols protocols)
    {
        var pair = TlsPair.Opened(o => o with { Protocols = protocols });
        pair.Client.Write("last words"u8);
        pair.Client.Transport.Close();
        pair.Run();
        Assert.Equal("last words"u8, pair.Server.Received);
        Assert.Equal(["input ended"], pair.Server.Events);
        Assert.False(pair.ServerTls.IsTruncated);
        Assert.Equal(["closed"], pair.Client.Events);
        Assert.Null(pair.Client.ClosedBy);
    }

    [Fact]
    public void A_cut_is_an_end_and_is_known_to_be_one()
    {
        var pair = TlsPair.Opened();
        pair.ServerSocket.EndInput();
        Assert.Equal(["input ended"], pair.Server.Events);
        Assert.True(pair.ServerTls.IsTruncated);
        pair.Server.Write("still there"u8);
        pair.Run();
        Assert.Equal("still there"u8, pair.Client.Received);
    }

    [Fact]
    public void A_cut_fails_the_connection_where_an_end_has_to_be_in_order()
    {
        var pair = TlsPair.Opened(client: o => o with { IgnoresUnexpectedEof = false });
        pair.ClientSocket.EndInput();
        pair.Run();
        Assert.Equal(["closed"], pair.Client.Events);
        var error = Assert.IsType<TlsException>(pair.Client.ClosedBy);
        Assert.Equal("SSL_read() failed (SSL: error:0A000126:SSL routines::unexpected eof while reading)", error.Message);
    }

    [Theory]
    [InlineData(TlsProtocols.Tls12)]
    [InlineData(TlsProtocols.Tls13)]
    public void One_side_may_end_its_output_and_read_on(TlsProtocols protocols)
    {
        var pair = TlsPair.Opened(o => o with { Protocols = protocols });
        pair.Client.Write("that is all"u8);
        pair.Client.Transport.EndOutput();
        pair.Run();
        Assert.Equal(["input ended"], pair.Server.Events);
        Assert.Equal("half-closed", pair.ClientSocket.State);
        var answer = Bytes(100_000);
        pair.Server.Write(answer);
        pair.Server.Transport.Close();
        pair.Run();
        Assert.Equal(answer, pair.Client.Received);
        Assert.Equal(["input ended"], pair.Client.Events);
    }

    [Fact]
    public void Output_after_its_end_is_dropped()
    {
        var pair = TlsPair.Opened();
        pair.Server.Transport.EndOutput();
        pair.Run();
        pair.Server.Write("too late"u8);
        pair.Run();
        Assert.Empty(pair.Client.Received);
        Assert.Equal(0, pair.Server.Transport.PendingBytes);
    }

    [Fact]
    public void A_close_waits_until_all_has_left()
    {
        var pair = TlsPair.Opened();
        var message = Bytes(1_000_000);
        pair.ServerSocket.IsStuck = true;
        pair.Server.Write(message);
        pair.Server.Transport.Output.Write("this was not released"u8);
        pair.Server.Transport.Close();
        pair.Run();
        Assert.Equal("open", pair.ServerSocket.State);
        Assert.True(pair.Server.Transport.IsClosed);
        pair.ServerSocket.IsStuck = false;
        pair.Run();
        Assert.Equal(message, pair.Client.Received);
        Assert.Equal("closed", pair.ServerSocket.State);
        Assert.Equal(["closed"], pair.Server.Events);
    }

    [Fact]
    public void A_closing_session_is_shown_nothing()
    {
        var pair = TlsPair.Opened();
        pair.ServerSocket.IsStuck = true;
        pair.Server.Write(Bytes(1_000_000));
        pair.Server.Transport.Close();
        pair.Client.Write("anybody there?"u8);
        pair.Run();
        Assert.Empty(pair.Server.Received);
    }

    [Fact]
    public void A_reset_reaches_both_sessions()
    {
        var pair = TlsPair.Opened();
        pair.Server.Transport.Abort();
        pair.Run();
        Assert.Equal("aborted", pair.ServerSocket.State);
        Assert.Equal(["closed"], pair.Server.Events);
        Assert.Equal(["closed"], pair.Client.Events);
        Assert.IsType<IOException>(pair.Client.ClosedBy);
    }

    [Fact]
    public void A_session_may_end_the_connection_while_it_is_shown_input()
    {
        var pair = TlsPair.Opened();
        pair.Server.OnReceive = input =>
        {
            pair.Server.Transport.Abort();
            pair.ServerTls.Closed(null);
            return 0;
        };
        pair.Client.Write(Bytes(100_000));
        pair.Run();
        Assert.Equal(["closed"], pair.Server.Events);
    }

    [Fact]
    public void A_paused_session_that_wants_to_know_is_told_that_the_peer_left()
    {
        var pair = TlsPair.Opened();
        pair.Server.Transport.KeepsInputOfEnd = true;
        pair.Server.Transport.PauseInput();
        pair.Client.Write("bye"u8);
        pair.Client.Transport.Close();
        pair.Run();
        Assert.Equal(["peer left"], pair.Server.Events);
        pair.Server.Transport.ResumeInput();
        pair.Run();
        Assert.Equal("bye"u8, pair.Server.Received);
        Assert.Equal(["peer left", "input ended"], pair.Server.Events);
    }

    [Fact]
    public void A_paused_session_that_does_not_is_told_the_end_at_once()
    {
        var pair = TlsPair.Opened();
        pair.Server.Transport.PauseInput();
        pair.Client.Transport.Close();
        pair.Run();
        Assert.Equal(["input ended"], pair.Server.Events);
    }

    [Fact]
    public void A_connection_whose_session_is_refused_closes_in_order()
    {
        var pair = new TlsPair(TlsPair.NewServer(), TlsPair.NewClient());
        pair.Server.Refuses = true;
        pair.Run();
        Assert.Equal("closed", pair.ServerSocket.State);
        Assert.Equal(["opened", "input ended"], pair.Client.Events);
        Assert.False(pair.ClientTls.IsTruncated);
        Assert.Null(pair.Server.Failure);
    }

    [Fact]
    public void An_unreadable_file_resets_the_connection()
    {
        var pair = TlsPair.Opened();
        pair.Server.Transport.Output.Write("head"u8);
        pair.Server.Transport.Output.AttachFile(new ShortFile(), 0, 100);
        pair.Server.Transport.ReleaseAll();
        pair.Run();
        Assert.Equal("aborted", pair.ServerSocket.State);
    }

    [Fact]
    public void A_connection_that_is_over_tells_nothing()
    {
        var pair = TlsPair.Opened();
        pair.Server.Transport.Abort();
        pair.Run();
        Assert.Equal("", pair.ServerTls.Info.Protocol);
        Assert.Equal("", pair.ServerTls.Info.Cipher);
        Assert.Equal("", pair.ServerTls.Info.ClientCurves);
        Assert.Null(pair.ServerTls.Info.PeerCertificate);
    }

    private sealed class ShortFile : Microcosm.Runtime.IOutputFile
    {
        public Microsoft.Win32.SafeHandles.SafeFileHandle? Handle => null;

        public int Read(long offset, Span<byte> buffer) => offset == 0 ? 10 : 0;

        public void Release()
        {
        }
    }
}
