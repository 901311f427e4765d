using Microcosm.Http;
using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary>
/// A running nginx: its workers, the addresses they listen on, and the configuration that holds. Another configuration takes its place
/// while connections stay: requests that are under way keep the old one. Thread-safe where it says so.
/// </summary>
internal sealed class NginxServer : IAsyncDisposable
{
    private readonly IHttpNetwork _network;
    private readonly TlsCaches _tlsCaches;
    private readonly HashSet<IClientConnection> _connections = [];
    private readonly Lock _gate = new();
    private readonly NginxSurroundings _surroundings;
    private volatile Generation _generation;
    private HealthChecks? _checks;
    private TaskCompletionSource? _emptied;

    public NginxServer(IHttpNetwork network, NginxConfiguration configuration, Seed seed, NginxSurroundings surroundings)
    {
        (_network, Seed, _surroundings) = (network, seed, surroundings);
        _tlsCaches = new TlsCaches(network.Workers[0].Clock);
        Listeners = new Listeners(network);
        Upstreams = new UpstreamTable(this);
        Syslog = new SyslogSender(HostName);
        ErrorLogSink = new ErrorLogSink(LogFiles, Syslog, surroundings.StandardError);
        ZoneStates.Prepare(configuration.Zones, []);
        _generation = new Generation(configuration, surroundings, _tlsCaches);
        Workers = [.. network.Workers.Select(w => new NginxWorker(this, w))];
    }

    public IReadOnlyList<NginxWorker> Workers { get; }

    /// <summary>Where it listens.</summary>
    public Listeners Listeners { get; }

    public Seed Seed { get; }

    public int ProcessId => _surroundings.ProcessId;

    public string HostName => _surroundings.HostName;

    /// <summary>The node of a world that it is, or null.</summary>
    public NodeContext? Node => _surroundings.Node;

    public LogFiles LogFiles { get; } = new();

    public SyslogSender Syslog { get; }

    public ErrorLogSink ErrorLogSink { get; }

    public Counters Counters { get; } = new();

    public TempFiles TempFiles { get; } = new();

    public UpstreamTable Upstreams { get; }

    public NginxConfiguration Configuration => _generation.Configuration;

    public IReadOnlyList<AccessLog> BuiltInAccessLogs => _generation.BuiltInAccessLogs;

    public IReadOnlyList<ErrorLog> MainErrorLogs => _generation.MainErrorLogs;

    /// <summary>The servers of an address, as the configuration has them now; null where it has none any more. Thread-safe.</summary>
    public ListenSocket<HttpServer>? TryFind(Address address) => _generation.Listens.GetValueOrDefault(address);

    /// <summary>The same of the stream part.</summary>
    public ListenSocket<StreamServer>? TryFindStream(ListenPoint point) => _generation.StreamListens.GetValueOrDefault(point);

    /// <summary>TLS of the stream part's servers.</summary>
    public TlsServers StreamTls => _generation.StreamTls;

    /// <summary>TLS of the stream part's proxy_pass.</summary>
    public UpstreamTlsContexts StreamProxyTls => _generation.StreamProxyTls;

    /// <summary>TLS of the http part's servers.</summary>
    public TlsServers Tls => _generation.Tls;

    /// <summary>TLS of proxy_pass.</summary>
    public UpstreamTlsContexts ProxyTls => _generation.ProxyTls;

    /// <summary>TLS of grpc_pass.</summary>
    public UpstreamTlsContexts GrpcTls => _generation.GrpcTls;

    /// <summary>
    /// Listens on all addresses. Throws <see cref="IOException"/> for one that cannot be listened on; nothing listens then.
    /// </summary>
    public async Task StartAsync()
    {
        _checks = ChecksOf(_generation, []);
        await Listeners.OpenAsync(ListensOf(_generation));
        Upstreams.BeginNames(_generation.Upstreams, []);
    }

    /// <summary>Makes another configuration hold: new addresses are listened on first, and old ones given up last. Throws as
    /// <see cref="StartAsync"/>; the old configuration holds on then.</summary>
    public async Task ReloadAsync(NginxConfiguration configuration)
    {
        ZoneStates.Prepare(configuration.Zones, Configuration.Zones);
        var next = new Generation(configuration, _surroundings, _tlsCaches);
        await Listeners.OpenAsync(ListensOf(next));
        Upstreams.BeginNames(next.Upstreams, _generation.Upstreams);
        _checks?.End();
        _checks = ChecksOf(next, _generation.Upstreams);
        _generation = next;
        Upstreams.Keep(next.Upstreams);
        LogFiles.Reopen();
        foreach (var worker in Workers)
            worker.Http.Executor.Post(worker.Reconfigured);
        // Whoever came by an address that is no more has no servers to ask.
        DrainConnections(c => !next.Has(c.ListenPoint));
        await Listeners.CloseAsync(p => !next.Has(p));
    }

    /// <summary>Accepts no more; idle connections close now, others after their request. Completes when all are gone.</summary>
    public async Task DrainAsync()
    {
        Upstreams.EndNames();
        _checks?.End();
        await Listeners.CloseAsync(_ => true);
        lock (_gate)
        {
            _emptied = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_connections.Count == 0)
                _emptied.SetResult();
        }
        DrainConnections(_ => true);
        await _emptied.Task;
    }

    /// <summary>Accepts no more until <see cref="Listeners.ResumeAsync"/>; connections end as in <see cref="DrainAsync"/>.</summary>
    public async Task StopAcceptingAsync()
    {
        await Listeners.PauseAsync();
        DrainConnections(_ => true);
    }

    /// <summary>Connections that are open now. Thread-safe.</summary>
    public IReadOnlyList<IClientConnection> Open()
    {
        lock (_gate)
            return [.. _connections];
    }

    public void Opened(IClientConnection connection)
    {
        lock (_gate)
            _connections.Add(connection);
    }

    public void Closed(IClientConnection connection)
    {
        lock (_gate)
        {
            _connections.Remove(connection);
            if (_connections.Count == 0)
                _emptied?.TrySetResult();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _checks?.End();
        await Listeners.CloseAsync(_ => true);
        await _network.DisposeAsync();
        LogFiles.Dispose();
        Syslog.Dispose();
    }

    private HealthChecks ChecksOf(Generation generation, IReadOnlyList<Upstream> before) =>
        new(this, generation.Configuration, new HealthProbes(generation.Configuration, generation.ProxyTls, generation.StreamProxyTls),
            before);

    private void DrainConnections(Func<IClientConnection, bool> which)
    {
        foreach (var connection in Open().Where(which))
            connection.Worker.Http.Executor.Post(connection.Drain);
    }

    private IEnumerable<ListenRequest> ListensOf(Generation generation) =>
    [
        .. generation.Listens.Values.Select(l => new ListenRequest(l.Point, l.Options)
            { Sessions = worker => new NginxApplication(Workers[worker.Index], this, l.Address) }),
        .. generation.StreamListens.Values.Select(l => new ListenRequest(l.Point, l.Options)
            {
                Sessions = worker => new StreamApplication(Workers[worker.Index], this, l.Address),
                Peers = worker => new DatagramApplication(Workers[worker.Index], this, l.Point),
            }),
    ];

    // A configuration with what is looked up in it.
    private sealed class Generation(NginxConfiguration configuration, NginxSurroundings surroundings, TlsCaches caches)
    {
        public NginxConfiguration Configuration { get; } = configuration;

        public IReadOnlyDictionary<Address, ListenSocket<HttpServer>> Listens { get; } =
            configuration.Http?.Listens.ToDictionary(l => l.Address) ?? [];

        public IReadOnlyDictionary<ListenPoint, ListenSocket<StreamServer>> StreamListens { get; } =
            configuration.Stream?.Listens.ToDictionary(l => l.Point) ?? [];

        public TlsServers StreamTls { get; } = new(TlsModule.Stream, configuration.Stream?.Servers.Select(s => s.Level) ?? [],
            new CertificateFiles(surroundings.Files, configuration.Paths), caches);

        public UpstreamTlsContexts StreamProxyTls { get; } = new(StreamProxyModule.Tls, StreamProxyModule.ConnectTimeout,
            UpstreamTlsContexts.LevelsOf(configuration.Stream), new CertificateFiles(surroundings.Files, configuration.Paths),
            caches.Clock, StreamProxyModule.SslAlpn);

        public TlsServers Tls { get; } = new(TlsModule.Http, configuration.Http?.Servers.Select(s => s.Level) ?? [],
            new CertificateFiles(surroundings.Files, configuration.Paths), caches);

        public UpstreamTlsContexts ProxyTls { get; } = UpstreamTlsContexts.OfProxy(configuration.Http?.Servers ?? [],
            new CertificateFiles(surroundings.Files, configuration.Paths), caches.Clock);

        public UpstreamTlsContexts GrpcTls { get; } = UpstreamTlsContexts.OfGrpc(configuration.Http?.Servers ?? [],
            new CertificateFiles(surroundings.Files, configuration.Paths), caches.Clock);

        public IReadOnlyList<Upstream> Upstreams { get; } =
            [.. configuration.Http?.Upstreams ?? [], .. configuration.Stream?.Upstreams ?? []];

        public bool Has(ListenPoint point) =>
            (!point.IsUdp && Listens.ContainsKey(point.Address)) || StreamListens.ContainsKey(point);

        public IReadOnlyList<AccessLog> BuiltInAccessLogs { get; } = configuration.Http is not { } http || surroundings.Node is not null
            ? []
            : [new AccessLog(ComplexValue.OfLiteral(configuration.Paths.FromPrefix(NginxBuild.DefaultAccessLog)), null,
                http.LogFormats.First(f => f.Name == "combined"), null, 0, 0, 0)];

        public IReadOnlyList<ErrorLog> MainErrorLogs { get; } = configuration.Main.Get(CoreModule.ErrorLogs) is { Count: > 0 } logs ? logs
            : [new ErrorLog(surroundings.BuiltInErrorLog ?? configuration.Paths.FromPrefix(NginxBuild.DefaultErrorLog), null, 0,
                LogLevel.Error, 0)];
    }
}
