using Microcosm.Runtime;

namespace Microcosm.Http.Tests;

/// <summary>One end of a connection: the session inside, and the handler that opens it. Writes down what happens.</summary>
internal sealed class TlsPeer : Session, ITlsHandler
{
    private readonly MemoryStream _received = new();

    public List<string> Events { get; } = [];

    public TlsSession? Tls { get; private set; }

    public SessionTransport Transport { get; private set; } = null!;

    public TlsException? Failure { get; private set; }

    public Exception? ClosedBy { get; private set; }

    /// <summary>By name of a server: the context that it has.</summary>
    public Func<string?, TlsServerContext?>? OnChoose { get; set; }

    /// <summary>Told whom to show a certificate; without one it has none.</summary>
    public Func<TlsSession, bool>? OnCertify { get; set; }

    /// <summary>Told what came; says how much of it is taken. Without one all is.</summary>
    public Func<byte[], int>? OnReceive { get; set; }

    public Action? OnDrained { get; set; }

    /// <summary>The session refuses to be opened.</summary>
    public bool Refuses { get; set; }

    /// <summary>Takes what the client says without TLS.</summary>
    public bool TakesPlain { get; set; }

    /// <summary>Room of its own for what comes next.</summary>
    public byte[] OwnRoom { get; set; } = [];

    public override Memory<byte> Room => OwnRoom;

    public byte[] Received => _received.ToArray();

    public Session? Opened(TlsSession tls, SessionTransport transport)
    {
        (Tls, Transport) = (tls, transport);
        Events.Add("opened");
        return Refuses ? null : this;
    }

    public Session? Plain(TlsSession tls, SessionTransport transport)
    {
        (Tls, Transport) = (tls, transport);
        Events.Add("plain");
        return TakesPlain ? this : null;
    }

    public void Failed(TlsSession tls, TlsException error)
    {
        (Tls, Failure) = (tls, error);
        Events.Add("failed");
    }

    public bool Choose(TlsSession tls, string? serverName, ref TlsServerContext context)
    {
        Events.Add($"asked for {serverName ?? "nobody"}");
        if (OnChoose is null)
            return true;
        if (OnChoose(serverName) is not { } chosen)
            return false;
        context = chosen;
        return true;
    }

    public bool Certify(TlsSession tls) => OnCertify?.Invoke(tls) ?? false;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        Transport.Output.Write(bytes);
        Transport.ReleaseAll();
    }

    public override int Receive(ReadOnlySpan<byte> input)
    {
        var taken = OnReceive?.Invoke(input.ToArray()) ?? input.Length;
        _received.Write(input[..taken]);
        return taken;
    }

    public override void Filled(int count)
    {
        _received.Write(OwnRoom.AsSpan(0, count));
        OwnRoom = OwnRoom[count..];
    }

    public override void InputEnded(SessionTransport transport)
    {
        Assert.Same(Transport, transport);
        Events.Add("input ended");
    }

    public override void Drained()
    {
        Events.Add("drained");
        OnDrained?.Invoke();
    }

    public override void PeerLeft() => Events.Add("peer left");

    public override void Closed(Exception? error)
    {
        Events.Add("closed");
        ClosedBy = error;
    }
}
