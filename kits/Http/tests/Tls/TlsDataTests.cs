using System.Text;

namespace Microcosm.Http.Tests;

public sealed class TlsDataTests : TlsTest
{
    [Theory]
    [InlineData(TlsProtocols.Tls12, "TLSv1.2")]
    [InlineData(TlsProtocols.Tls13, "TLSv1.3")]
    public void Both_sides_agree_and_talk(TlsProtocols protocols, string name)
    {
        var pair = TlsPair.Opened(o => o with { Protocols = protocols });
        Assert.Equal(name, pair.ServerTls.Info.Protocol);
        Assert.Equal(name, pair.ClientTls.Info.Protocol);
        Assert.Equal(pair.ServerTls.Info.Cipher, pair.ClientTls.Info.Cipher);
        pair.Client.Write("question"u8);
        pair.Run();
        Assert.Equal("question"u8, pair.Server.Received);
        pair.Server.Write("answer"u8);
        pair.Run();
        Assert.Equal("answer"u8, pair.Client.Received);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(100)]
    [InlineData(1000)]
    [InlineData(16384)]
    public void Pieces_of_any_size_make_the_same(int piece)
    {
        var pair = new TlsPair(TlsPair.NewServer(), TlsPair.NewClient());
        pair.Run(piece);
        var (up, down) = (Bytes(3000), Bytes(40_000));
        pair.Client.Write(up);
        pair.Server.Write(down);
        pair.Run(piece);
        Assert.Equal(up, pair.Server.Received);
        Assert.Equal(down, pair.Client.Received);
    }

    [Theory]
    [InlineData(TlsProtocols.Tls12)]
    [InlineData(TlsProtocols.Tls13)]
    public void A_greeting_may_be_split_anywhere(TlsProtocols protocols)
    {
        var (server, client) = (TlsPair.NewServer(o => o with { Protocols = protocols }), TlsPair.NewClient());
        for (var at = 1; ; at++)
        {
            var pair = new TlsPair(server, client);
            var greeting = pair.TakeFromClient();
            if (at >= greeting.Length)
                break;
            pair.ServerSocket.Send(greeting.AsSpan(0, at));
            pair.ServerSocket.Send(greeting.AsSpan(at));
            pair.Run();
            Assert.Equal(["opened"], pair.Client.Events);
        }
    }

    [Fact]
    public void A_record_may_be_split_anywhere()
    {
        var pair = TlsPair.Opened();
        var message = Bytes(50);
        var sent = 0;
        for (var at = 1; ; at++)
        {
            pair.Client.Write(message);
            sent += message.Length;
            var record = pair.TakeFromClient();
            Assert.InRange(record.Length, message.Length + 1, message.Length + 64);
            if (at >= record.Length)
                break;
            pair.ServerSocket.Send(record.AsSpan(0, at));
            Assert.Equal(sent - message.Length, pair.Server.Received.Length);
            pair.ServerSocket.Send(record.AsSpan(at));
            Assert.Equal(sent, pair.Server.Received.Length);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16383)]
    [InlineData(16384)]
    [InlineData(16385)]
    [InlineData(300_000)]
    [InlineData(3_000_000)]
    public void Messages_of_any_size_arrive(int count)
    {
        var pair = TlsPair.Opened();
        var message = Bytes(count);
        pair.Server.Write(message);
        pair.Run();
        Assert.Equal(message, pair.Client.Received);
        // Records are full: little is sent beside the message.
        Assert.InRange(pair.Moved, count, count + 6000 + count / 400);
    }

    [Fact]
    public void Output_in_many_small_pieces_is_put_together()
    {
        var pair = TlsPair.Opened();
        var before = pair.Moved;
        var expected = new StringBuilder();
        for (var i = 0; i < 100; i++)
        {
            var array = System.Buffers.ArrayPool<byte>.Shared.Rent(10);
            Encoding.ASCII.GetBytes($"[{i:00000000}]").CopyTo(array, 0);
            pair.Server.Transport.Output.Attach(array, 0, 10);
            expected.Append($"[{i:00000000}]");
        }
        pair.Server.Transport.ReleaseAll();
        pair.Run();
        Assert.Equal(expected.ToString(), Encoding.ASCII.GetString(pair.Client.Received));
        Assert.InRange(pair.Moved - before, 1000, 1000 + 40);
    }

    [Fact]
    public void Records_hold_no_more_than_they_are_to()
    {
        var pair = TlsPair.Opened(o => o with { BufferBytes = 1000 });
        pair.Server.Write(Bytes(10_000));
        pair.Worker.Carrier.Run();
        var sent = Encoding.Latin1.GetBytes(pair.ServerSocket.TakeSent());
        var lengths = new List<int>();
        for (var at = 0; at < sent.Length; at += 5 + lengths[^1])
            lengths.Add((sent[at + 3] << 8) + sent[at + 4]);
        Assert.Equal(Enumerable.Repeat(1017, 10), lengths);
    }

    [Fact]
    public void What_is_not_released_stays()
    {
        var pair = TlsPair.Opened();
        pair.Server.Transport.Output.Write("now, later"u8);
        pair.Server.Transport.Release(3);
        pair.Run();
        Assert.Equal("now"u8, pair.Client.Received);
        pair.Server.Transport.ReleaseAll();
        pair.Run();
        Assert.Equal("now, later"u8, pair.Client.Received);
    }

    [Fact]
    public void What_is_not_taken_is_shown_again_with_what_follows()
    {
        var pair = TlsPair.Opened();
        var shown = new List<string>();
        pair.Server.OnReceive = input =>
        {
            shown.Add(Encoding.ASCII.GetString(input));
            return input.AsSpan().LastIndexOf((byte)'\n') + 1;
        };
        foreach (var part in (string[])["one\ntw", "o\nth", "ree", "\n"])
        {
            pair.Client.Write(Encoding.ASCII.GetBytes(part));
            pair.Run();
        }
        Assert.Equal(["one\ntw", "two\nth", "three", "three\n"], shown);
        Assert.Equal("one\ntwo\nthree\n"u8, pair.Server.Received);
    }

    [Fact]
    public void What_was_left_is_shown_again_when_the_session_asks()
    {
        var pair = TlsPair.Opened();
        var isReady = false;
        pair.Server.OnReceive = input => isReady ? input.Length : 0;
        pair.Client.Write("wait"u8);
        pair.Run();
        Assert.Empty(pair.Server.Received);
        isReady = true;
        pair.Server.Transport.ShowLeftover();
        pair.Run();
        Assert.Equal("wait"u8, pair.Server.Received);
    }

    [Fact]
    public void A_session_may_have_room_of_its_own()
    {
        var pair = TlsPair.Opened();
        var message = Bytes(50_000);
        pair.Server.OwnRoom = new byte[40_001];
        pair.Client.Write(message);
        pair.Run();
        Assert.Equal(message, pair.Server.Received);
        Assert.Empty(pair.Server.OwnRoom);
    }

    [Fact]
    public void Addresses_and_the_ordinal_are_those_of_the_connection()
    {
        var pair = TlsPair.Opened();
        Assert.Same(pair.ServerSocket.Remote, pair.Server.Transport.Remote);
        Assert.Same(pair.ServerSocket.Local, pair.Server.Transport.Local);
        Assert.Equal(pair.ServerSocket.ConnectionId, pair.Server.Transport.ConnectionId);
    }
}
