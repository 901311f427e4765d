using System.Text;
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
    private readonly Dictionary<ListenPoint, IHttpListener> _listeners = [];
    private readonly HashSet<IClientConnection> _connections = [];
    private readonly Lock _gate = new();
    private readonly NginxSurroundings _surroundings;
    private volatile Generation _generation;
    private TaskCompletionSource? _emptied;

    public NginxServer(IHttpNetwork network, NginxConfiguration configuration, Seed seed, NginxSurroundings surroundings)
    {
        (_network, Seed, _surroundings) = (network, seed, surroundings);
        _tlsCaches = new TlsCaches(network.Workers[0].Clock);
        Upstreams = new UpstreamTable(this);
        Syslog = new SyslogSender(HostName);
        ErrorLogSink = new ErrorLogSink(LogFiles, Syslog, surroundings.StandardError);
        ZoneStates.Prepare(configuration.Zones, []);
        _generation = new Generation(configuration, surroundings, _tlsCaches);
        Workers = [.. network.Workers.Select(w => new NginxWorker(this, w))];
    }

    public IReadOnlyList<NginxWorker> Workers { get; }

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

    /// <summary>
    /// Listens on all addresses. Throws <see cref="IOException"/> for one that cannot be listened on; nothing listens then.
    /// </summary>
    public async Task StartAsync()
    {
        await ListenAsync(_generation);
        Upstreams.BeginNames(_generation.Upstreams, []);
    }

    /// <summary>Makes another configuration hold: new addresses are listened on first, and old ones given up last. Throws as
    /// <see cref="StartAsync"/>; the old configuration holds on then.</summary>
    public async Task ReloadAsync(NginxConfiguration configuration)
    {
        ZoneStates.Prepare(configuration.Zones, Configuration.Zones);
        var next = new Generation(configuration, _surroundings, _tlsCaches);
        await ListenAsync(next);
        Upstreams.BeginNames(next.Upstreams, _generation.Upstreams);
        _generation = next;
        Upstreams.Keep(next.Upstreams);
        LogFiles.Reopen();
        foreach (var worker in Workers)
            worker.Http.Executor.Post(worker.Reconfigured);
        DrainGone(next);
        foreach (var gone in _listeners.Keys.Where(p => !next.Has(p)).ToArray())
            await CloseAsync(gone);
    }

    /// <summary>Accepts no more; idle connections close now, others after their request. Completes when all are gone.</summary>
    public async Task DrainAsync()
    {
        Upstreams.EndNames();
        await CloseListenersAsync();
        IClientConnection[] open;
        lock (_gate)
        {
            open = [.. _connections];
            _emptied = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (open.Length == 0)
                _emptied.SetResult();
        }
        foreach (var connection in open)
            connection.Worker.Http.Executor.Post(connection.Drain);
        await _emptied.Task;
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
        await CloseListenersAsync();
        await _network.DisposeAsync();
        LogFiles.Dispose();
        Syslog.Dispose();
    }

    // Whoever came by an address that is no more has no servers to ask.
    private void DrainGone(Generation next)
    {
        IClientConnection[] gone;
        lock (_gate)
            gone = [.. _connections.Where(c => !next.Has(c.ListenPoint))];
        foreach (var connection in gone)
            connection.Worker.Http.Executor.Post(connection.Drain);
    }

    private async Task ListenAsync(Generation generation)
    {
        var added = new List<ListenPoint>();
        try
        {
            foreach (var listen in generation.Listens.Values.Where(l => !_listeners.ContainsKey(l.Point)))
            {
                var (end, options) = (UpstreamServers.EndPointOf(listen.Address), OptionsOf(listen.Options));
                _listeners.Add(listen.Point, await _network.ListenAsync(end, options,
                    worker => new NginxApplication(Workers[worker.Index], this, listen.Address)));
                added.Add(listen.Point);
            }
            foreach (var listen in generation.StreamListens.Values.Where(l => !_listeners.ContainsKey(l.Point)))
            {
                var (end, options) = (UpstreamServers.EndPointOf(listen.Address), OptionsOf(listen.Options));
                _listeners.Add(listen.Point, listen.Options.IsUdp
                    ? await _network.ListenDatagramsAsync(end, options,
                        worker => new DatagramApplication(Workers[worker.Index], this, listen.Point))
                    : await _network.ListenAsync(end, options,
                        worker => new StreamApplication(Workers[worker.Index], this, listen.Address)));
                added.Add(listen.Point);
            }
        }
        catch
        {
            foreach (var point in added)
                await CloseAsync(point);
            throw;
        }
    }

    private async Task CloseListenersAsync()
    {
        foreach (var point in _listeners.Keys.ToArray())
            await CloseAsync(point);
    }

    private async Task CloseAsync(ListenPoint point)
    {
        await _listeners[point].CloseAsync();
        _listeners.Remove(point);
        // A socket's path stays where nobody removes it, and is in use then.
        if (point.Address.Path is { } path)
            FileChanges.Delete(Encoding.UTF8.GetBytes(path));
    }

    private static Runtime.ListenOptions OptionsOf(ListenOptions options) => new()
    {
        Backlog = options.Backlog, ReusePort = options.IsReusePort, DeferAccept = options.IsDeferred, Ipv6Only = options.IsIpv6Only,
        ReceiveBufferBytes = (int)Math.Max(0, options.ReceiveBufferBytes),
        SendBufferBytes = (int)Math.Max(0, options.SendBufferBytes),
        FastOpen = Math.Max(0, options.FastOpen),
        KeepAlive = options.KeepAlive is { } probes
            ? new KeepAliveProbes(probes.IsOn, (int)probes.IdleSeconds, (int)probes.IntervalSeconds, probes.Count) : null,
    };

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

        public UpstreamTlsContexts ProxyTls { get; } = new(ProxyModule.Upstream.Tls, ProxyModule.Upstream.ConnectTimeout,
            UpstreamTlsContexts.LevelsOf(configuration.Http?.Servers ?? []), new CertificateFiles(surroundings.Files, configuration.Paths),
            caches.Clock);

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
