namespace Microcosm.Http.Tests;

/// <summary>Neither side is made to keep more than it should.</summary>
public sealed class TlsFlowTests : TlsTest
{
    [Fact]
    public void A_session_that_pauses_gets_nothing_and_then_everything()
    {
        var pair = TlsPair.Opened();
        var message = Bytes(200_000);
        pair.Server.OnReceive = input =>
        {
            pair.Server.Transport.PauseInput();
            return input.Length;
        };
        pair.Client.Write(message);
        pair.Run();
        Assert.InRange(pair.Server.Received.Length, 1, TlsContext.RecordBytesMax);
        Assert.True(pair.ServerSocket.IsPaused);
        for (var i = 0; i < 1000 && pair.Server.Received.Length < message.Length; i++)
        {
            var before = pair.Server.Received.Length;
            pair.Server.Transport.ResumeInput();
            pair.Run();
            Assert.InRange(pair.Server.Received.Length - before, 1, TlsContext.RecordBytesMax);
        }
        Assert.Equal(message, pair.Server.Received);
    }

    [Fact]
    public void A_session_may_be_paused_from_its_first_byte()
    {
        var pair = new TlsPair(TlsPair.NewServer(), TlsPair.NewClient());
        pair.Run();
        pair.Server.Transport.PauseInput();
        pair.Client.Write("early"u8);
        pair.Run();
        Assert.Empty(pair.Server.Received);
        pair.Server.Transport.ResumeInput();
        pair.Server.Transport.PauseInput();
        pair.Run();
        Assert.Empty(pair.Server.Received);
        pair.Server.Transport.ResumeInput();
        pair.Run();
        Assert.Equal("early"u8, pair.Server.Received);
    }

    [Fact]
    public void Not_much_is_encrypted_before_the_peer_takes_it()
    {
        var pair = TlsPair.Opened();
        var message = Bytes(1_000_000);
        pair.ServerSocket.IsStuck = true;
        pair.Server.Transport.HighWater = 100_000;
        pair.Server.Write(message);
        pair.Run();
        Assert.InRange(pair.ServerSocket.PendingBytes, 100_000, 150_000);
        Assert.Equal(message.Length, pair.Server.Transport.PendingBytes);
        Assert.Empty(pair.Server.Events);
        pair.ServerSocket.IsStuck = false;
        pair.Run();
        Assert.Equal(message, pair.Client.Received);
        Assert.Equal(["drained"], pair.Server.Events);
        Assert.Equal(0, pair.Server.Transport.PendingBytes);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(5_000)]
    [InlineData(70_000)]
    [InlineData(200_000)]
    public void A_level_that_is_lowered_later_still_says_when_all_has_left(int count)
    {
        var pair = TlsPair.Opened();
        pair.ServerSocket.IsStuck = true;
        pair.Server.Write(Bytes(count));
        pair.Run();
        pair.Server.Transport.HighWater = 4;
        pair.Run();
        Assert.Empty(pair.Server.Events);
        pair.ServerSocket.IsStuck = false;
        pair.Run();
        Assert.Equal(["drained"], pair.Server.Events);
    }

    [Fact]
    public void A_session_that_writes_on_when_drained_sends_all()
    {
        var pair = TlsPair.Opened();
        var left = 50;
        pair.Server.Transport.HighWater = 20_000;
        pair.Server.OnDrained = () =>
        {
            if (left-- > 0)
                pair.Server.Write(Bytes(30_000));
        };
        pair.Server.Write(Bytes(30_000));
        pair.Run();
        Assert.Equal(51 * 30_000, pair.Client.Received.Length);
    }

    [Fact]
    public void What_left_never_grows_less()
    {
        var pair = TlsPair.Opened();
        pair.ServerSocket.IsStuck = true;
        var transport = pair.Server.Transport;
        var sent = 0L;
        for (var i = 0; i < 100; i++)
        {
            pair.Server.Write(Bytes(i * 10 + 1));
            pair.ServerSocket.IsStuck = i % 7 != 0;
            pair.Run();
            Assert.InRange(transport.Output.Position - transport.PendingBytes, sent, transport.Output.Position);
            sent = transport.Output.Position - transport.PendingBytes;
        }
    }

    [Fact]
    public void A_peer_that_only_asks_for_new_keys_and_does_not_read_is_held_back()
    {
        var pair = TlsPair.Opened();
        pair.ServerSocket.IsStuck = true;
        for (var i = 0; i < 100_000 && !pair.ServerSocket.IsPaused; i++)
        {
            NativeTls.AskForNewKeys(pair.ClientTls);
            pair.Client.Write("."u8);
            pair.Run();
        }
        Assert.True(pair.ServerSocket.IsPaused);
        Assert.InRange(pair.ServerSocket.PendingBytes, 256 * 1024, 300 * 1024);
        pair.ServerSocket.IsStuck = false;
        pair.Run();
        Assert.False(pair.ServerSocket.IsPaused);
        pair.Client.Write("on"u8);
        pair.Run();
        Assert.True(pair.Server.Received.AsSpan().EndsWith("on"u8));
    }
}
