using System.Net;
using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>
/// A session of the stream part, whatever its client sends by: what variables, logs and rules know of it (ngx_stream_session_t).
/// Invariant: it ends once, with a status and a line of the log. On the worker's executor.
/// </summary>
internal sealed class StreamSession : IClientConnection
{
    private readonly List<(ConnectionZone Zone, string Key)> _counted = [];
    private readonly IStreamClient _client;

    public StreamSession(NginxWorker worker, NginxServer nginx, ListenSocket<StreamServer> listen, IStreamClient client)
    {
        (Worker, Nginx, Listen, _client, Server) = (worker, nginx, listen, client, listen.DefaultServer);
        Client = worker.AddressOf(client.Remote);
        BeganMs = worker.Http.Deadlines.NowMs;
        Values = new RequestValues(nginx.Configuration.Stream!.Variables, new StreamVariables(this));
        worker.Connections.SessionBegan();
        nginx.Opened(this);
    }

    public NginxWorker Worker { get; }

    public NginxServer Nginx { get; }

    public ListenSocket<StreamServer> Listen { get; }

    public ListenPoint ListenPoint => Listen.Point;

    public bool IsUdp => _client.IsUdp;

    public EndPoint Remote => _client.Remote;

    public EndPoint Local => _client.Local;

    public long ConnectionId => _client.Id;

    public StreamServer Server { get; private set; }

    public Level Level => Server.Level;

    public RequestValues Values { get; }

    /// <summary>The client's address; null for a unix socket's.</summary>
    public IPEndPoint? Client { get; private set; }

    public ProxyProtocol? ProxyProtocol { get; set; }

    public TlsInfo? Tls { get; set; }

    public ClientHello? Hello { get; set; }

    public List<UpstreamAttempt> Attempts { get; } = [];

    public long BeganMs { get; }

    public long BytesReceived { get; set; }

    public long BytesSent { get; set; }

    /// <summary>As logs show it; 0 before there is one.</summary>
    public int Status { get; private set; }

    public string? ConnectionLimitStatus { get; set; }

    public bool IsOver { get; private set; }

    /// <summary>A line of the error log.</summary>
    public void Log(LogLevel level, string message) => StreamLogs.WriteError(this, level, message);

    /// <summary>The session's first phases: whose it is, limits, access. 0 lets it go on; else it is to end with this status.</summary>
    public int Enter()
    {
        Log(LogLevel.Info, $"{(IsUdp ? "udp " : "")}client {Address.TextOf(Remote)} connected to {Address.TextOf(Local)}");
        if (StreamAccess.RealClient(this) is { } client)
            Client = client;
        foreach (var (variable, value) in Level.Get(StreamCoreModule.Assignments))
            Values.Set(variable, value.Evaluate(Values).Span);
        return StreamAccess.Check(this, _counted);
    }

    /// <summary>The server that has this name, if there is one.</summary>
    public void ChooseServer(string name)
    {
        var host = Latin1.Bytes(name);
        if (HostName.TryParse(host, new byte[host.Length], out var lower, out _) && Listen.TryFind(lower, Values, out var server))
            Server = server;
    }

    /// <summary>The session is over; what was written leaves.</summary>
    public void Finish(int status)
    {
        if (End(status))
            _client.Close();
    }

    /// <summary>Counts the session as over. False where it was already.</summary>
    /// <param name="isLogged">False where another has taken the connection over.</param>
    public bool End(int status, bool isLogged = true)
    {
        if (IsOver)
            return false;
        (IsOver, Status) = (true, status);
        Ended?.Invoke();
        if (isLogged)
            StreamLogs.WriteAccess(this);
        foreach (var (zone, key) in _counted)
            zone.End(key);
        Worker.Connections.SessionEnded();
        Nginx.Closed(this);
        return true;
    }

    /// <summary>Told of the end before it is logged.</summary>
    public Action? Ended { get; set; }

    void IClientConnection.Drain() => _client.Drain();

    void IClientConnection.Finish() => Finish(200);

    void IClientConnection.Abort() => _client.Abort();
}
