using System.Text;

namespace Microcosm.Http.Tests;

/// <summary>Both ends of a connection in memory; bytes go over when the test says so.</summary>
internal sealed class TlsPair
{
    private bool _hasServerEnded;
    private bool _hasClientEnded;

    public TlsPair(TlsServerContext server, TlsClientContext client, TlsTarget? target = null, TestWorker? worker = null)
    {
        Worker = worker ?? TestWorker.New();
        ServerSocket = new TestTransport(Worker.Executor);
        ClientSocket = new TestTransport(Worker.Executor);
        ServerSocket.Session = ServerTls = TlsSession.Accept(Worker, ServerSocket, server, Server);
        ClientSocket.Session = ClientTls = TlsSession.Connect(Worker, ClientSocket, client, target ?? new TlsTarget("localhost"), Client);
    }

    public TestWorker Worker { get; }

    public TlsPeer Server { get; } = new();

    public TlsPeer Client { get; } = new();

    public TlsSession ServerTls { get; }

    public TlsSession ClientTls { get; }

    public TestTransport ServerSocket { get; }

    public TestTransport ClientSocket { get; }

    /// <summary>Bytes of both directions so far.</summary>
    public long Moved { get; private set; }

    public static TlsServerContext NewServer(Func<TlsServerOptions, TlsServerOptions>? with = null) =>
        new((with ?? (o => o))(new TlsServerOptions { Certificates = [TestAuthority.Localhost] }));

    public static TlsClientContext NewClient(Func<TlsClientOptions, TlsClientOptions>? with = null) =>
        new((with ?? (o => o))(new TlsClientOptions()));

    public static TlsPair Opened(
        Func<TlsServerOptions, TlsServerOptions>? server = null, Func<TlsClientOptions, TlsClientOptions>? client = null)
    {
        var pair = new TlsPair(NewServer(server), NewClient(client));
        pair.Run();
        Assert.Equal(["opened"], pair.Client.Events);
        Assert.Equal(["asked for localhost", "opened"], pair.Server.Events);
        pair.Forget();
        return pair;
    }

    public void Forget()
    {
        Server.Events.Clear();
        Client.Events.Clear();
    }

    /// <summary>Moves bytes, in pieces, until nothing moves any more.</summary>
    public void Run(int piece = int.MaxValue)
    {
        do
            Worker.Carrier.Run();
        while (Move(ClientSocket, ServerSocket, piece, ref _hasClientEnded) | Move(ServerSocket, ClientSocket, piece, ref _hasServerEnded));
    }

    /// <summary>What the client has sent and the server has not got yet.</summary>
    public byte[] TakeFromClient()
    {
        Worker.Carrier.Run();
        return Encoding.Latin1.GetBytes(ClientSocket.TakeSent());
    }

    private bool Move(TestTransport from, TestTransport to, int piece, ref bool hasEnded)
    {
        var bytes = Encoding.Latin1.GetBytes(from.TakeSent());
        for (var at = 0; at < bytes.Length; at += Math.Min(piece, bytes.Length - at))
        {
            to.Send(bytes.AsSpan(at, Math.Min(piece, bytes.Length - at)));
            Worker.Carrier.Run();
        }
        Moved += bytes.Length;
        if (from.State == "open" || hasEnded || from.PendingBytes > 0)
            return bytes.Length > 0;
        hasEnded = true;
        if (from.State == "aborted")
            to.Reset();
        else
            to.EndInput();
        return true;
    }
}
