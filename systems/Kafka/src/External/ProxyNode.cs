using System.Net;
using System.Net.Security;
using Microcosm.Runtime;
using Microcosm.Storage;

namespace Microcosm.Kafka;

/// <summary>The proxy as a node: it listens for clients on a port for the whole cluster and on one for each broker.</summary>
internal sealed class ProxyNode : Node
{
    public const string Name = "kafka-proxy";

    /// <summary>Where clients begin.</summary>
    public const int BootstrapPort = 9092;

    private readonly ExternalKafkaOptions _options;
    private readonly Deadlines _deadlines;
    private readonly HashSet<(short Key, short Version)> _said = [];
    private StateFile? _file;
    private ProxiedBrokers? _brokers;
    private AddressRewriter? _rewriter;
    private INodeListener? _bootstrap;
    private SslServerAuthenticationOptions? _tls;

    public ProxyNode(NodeContext context, ExternalKafkaOptions options)
        : base(context)
    {
        _options = options;
        _deadlines = new Deadlines(context.Clock);
        Cluster = new ExternalCluster(context, options);
        Observation = new Observation(context);
    }

    public ExternalCluster Cluster { get; }

    public Observation Observation { get; }

    public TopicIds Topics { get; } = new();

    public AddressRewriter Rewriter => _rewriter ?? throw new InvalidOperationException("The node has not started.");

    /// <summary>Those that are open.</summary>
    public HashSet<ProxyConnection> Connections { get; } = [];

    /// <summary>For the Inside page; only on the node's executor.</summary>
    public override ProxyInside Inside() => ProxyInside.Read(_options, _brokers?.All ?? [], Connections);

    public override async ValueTask StartAsync(CancellationToken cancellation)
    {
        await Cluster.CheckAsync();
        _file = await StateFile.OpenAsync(Context.Disk, "brokers", ProxiedBrokers.FileBytesMax);
        if (_options.IsListenerTls)
            _tls = new() { ServerCertificateContext = TlsCertificate.Load(_options.ListenerKeystore, Context, [Name]) };
        _brokers = new ProxiedBrokers(
            Context, _file, broker => ListenAsync(broker.Port, new Sessions(this, () => [broker.Upstream]), CancellationToken.None));
        _rewriter = new AddressRewriter(_brokers, Topics, Context.Log);
        await _brokers.RecoverAsync();
        _bootstrap = await ListenAsync(BootstrapPort, new Sessions(this, () => _options.Bootstrap), cancellation);
        Context.Log.Write(LogSeverity.Info, $"Proxy of the Kafka at {_options.BootstrapServers} started");
    }

    public override async ValueTask StopAsync(CancellationToken cancellation)
    {
        if (_bootstrap is not null)
            await _bootstrap.CloseAsync();
        if (_brokers is not null)
            await _brokers.CloseAsync();
        foreach (var connection in Connections.ToArray())
            connection.Close();
        await _deadlines.StopAsync();
        _file?.Dispose();
    }

    /// <summary>Done after so much of the node's time.</summary>
    public Task DelayAsync(int ms)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _deadlines.Add(ms, done.SetResult);
        return done.Task;
    }

    /// <summary>A request's target is not known: says so, once for its API and version, where a rule that may be about it asks for
    /// one.</summary>
    public void CannotTell(ProxyCall call, string why)
    {
        var isAsked = Context.Faults.HasOperationRules && Context.Faults.Rules.Any(r => r.Depth == FaultDepth.Operation
            && r.Target is not null && (r.Operation == call.FullName || r.Operation.Contains('*', StringComparison.Ordinal)));
        if (isAsked && _said.Add((call.Key, call.Version)))
            Context.Log.Write(LogSeverity.Error,
                $"Rules with target= cannot match {call.FullName}, version {call.Version}, which passes: {why}");
    }

    private ValueTask<INodeListener> ListenAsync(int port, Sessions sessions, CancellationToken cancellation) => _tls is null
        ? Context.Network.ListenAsync(port, sessions, cancellation)
        : Context.Network.ListenAsync(
            port, new TlsServer(Context, _tls, (transport, _) => sessions.Accept(transport)).RunAsync, cancellation);

    private sealed class Sessions(ProxyNode node, Func<IReadOnlyList<DnsEndPoint>> brokers) : ISessionFactory
    {
        public Session? Accept(SessionTransport transport)
        {
            var client = new ProxyConnection(node, transport, brokers);
            node.Connections.Add(client);
            // Not from within: it may end the connection.
            node.Context.Executor.Post(client.Run);
            return new ProxySession(client);
        }
    }
}
