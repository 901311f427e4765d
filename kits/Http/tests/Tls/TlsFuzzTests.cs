namespace Microcosm.Http.Tests;

/// <summary>Whatever comes, the connection ends with a reason, and nobody is told what was not sent.</summary>
public sealed class TlsFuzzTests : TlsTest
{
    private const int Inputs = 200_000;

    [Fact]
    public void Greetings_that_were_changed_are_refused_or_do_no_harm()
    {
        var random = new Random(1);
        var server = TlsPair.NewServer(o => o with { AlpnProtocols = ["h2", "http/1.1"] });
        var greetings = Greetings(server);
        var (worker, failed) = (TestWorker.New(), 0);
        for (var i = 0; i < Inputs; i++)
        {
            var bytes = Change(greetings[random.Next(greetings.Length)], random);
            var (socket, peer) = (new TestTransport(worker.Executor), new TlsPeer());
            socket.Session = TlsSession.Accept(worker, socket, server, peer);
            var split = random.Next(bytes.Length);
            socket.Send(bytes.AsSpan(0, split));
            socket.Send(bytes.AsSpan(split));
            socket.EndInput();
            worker.Carrier.Run();
            Assert.Equal("closed", socket.State);
            Assert.Empty(peer.Received);
            Assert.Contains(peer.Events[^1], (string[])["failed", "plain"]);
            failed += peer.Failure is { Failure: TlsFailure.Peer } ? 1 : 0;
        }
        // Most changes make a greeting one that OpenSSL has words for.
        Assert.InRange(failed, Inputs / 4, Inputs);
    }

    [Fact]
    public void Answers_that_were_changed_are_refused()
    {
        var random = new Random(2);
        var (server, client) = (TlsPair.NewServer(), TlsPair.NewClient());
        for (var i = 0; i < 2_000; i++)
        {
            var pair = new TlsPair(server, client);
            pair.ServerSocket.Send(pair.TakeFromClient());
            pair.Worker.Carrier.Run();
            var answer = Change(System.Text.Encoding.Latin1.GetBytes(pair.ServerSocket.TakeSent()), random);
            pair.ClientSocket.Send(answer);
            pair.ClientSocket.EndInput();
            pair.Worker.Carrier.Run();
            Assert.Empty(pair.Client.Received);
            Assert.Equal("closed", pair.ClientSocket.State is "open" ? "closed" : pair.ClientSocket.State);
        }
    }

    [Fact]
    public void Records_that_were_changed_never_arrive()
    {
        var random = new Random(3);
        var (server, client) = (TlsPair.NewServer(), TlsPair.NewClient());
        for (var i = 0; i < 2_000; i++)
        {
            var pair = new TlsPair(server, client);
            pair.Run();
            pair.Client.Write("this is the text"u8);
            var record = pair.TakeFromClient();
            record[random.Next(record.Length)] ^= (byte)random.Next(1, 256);
            pair.ServerSocket.Send(record);
            pair.ServerSocket.EndInput();
            pair.Worker.Carrier.Run();
            Assert.Empty(pair.Server.Received);
        }
    }

    private static byte[][] Greetings(TlsServerContext server) =>
    [
        new TlsPair(server, TlsPair.NewClient(o => o with { AlpnProtocols = ["h2"] })).TakeFromClient(),
        new TlsPair(server, TlsPair.NewClient(o => o with { Protocols = TlsProtocols.Tls12 })).TakeFromClient(),
    ];

    private static byte[] Change(byte[] bytes, Random random)
    {
        bytes = [.. bytes];
        for (var count = random.Next(1, 4); count > 0; count--)
        {
            var at = random.Next(bytes.Length);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes = bytes[..(at + 1)];
                    break;
                default:
                    random.NextBytes(bytes.AsSpan(at, random.Next(bytes.Length - at + 1)));
                    break;
            }
        }
        return bytes;
    }
}
