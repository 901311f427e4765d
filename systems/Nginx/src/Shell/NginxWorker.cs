using System.Net;
using System.Runtime.CompilerServices;
using Microcosm.Http;
using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary>What one event loop's requests share. On its executor only.</summary>
internal sealed class NginxWorker
{
    private readonly NginxServer _server;
    private readonly Dictionary<(Level Level, bool IsGrpc), ProxySettings> _proxies = [];
    private readonly ConditionalWeakTable<ResolverAddresses, Resolver> _resolvers = [];
    private readonly Stack<RequestValues> _values = new();
    private readonly RandomStream _random;
    private long _boundary;

    public NginxWorker(NginxServer server, HttpWorker http)
    {
        (_server, Http, _random) = (server, http, server.Seed.Stream(FormattableString.Invariant($"nginx/requests-{http.Index}")));
        Observation = server.Node is { } node ? new Observation(node) : null;
        AccessLogs = new AccessLogs(this);
        ErrorLogs = new ErrorLogs(this);
        Connections = new WorkerConnections(this);
        Files = new RequestFiles(this);
        UserIds = new UserIdNumbers((uint)_random.NextUInt64());
        Reconfigured();
    }

    public HttpWorker Http { get; }

    /// <summary>Faults, spans and counts; null outside of a world.</summary>
    public Observation? Observation { get; }

    /// <summary>How often each <c>$upstream_cache_status</c> came, in a world.</summary>
    public Dictionary<string, long> CacheStatuses { get; } = new(StringComparer.Ordinal);

    public AccessLogs AccessLogs { get; }

    public ErrorLogs ErrorLogs { get; }

    public RequestFiles Files { get; }

    public UserIdNumbers UserIds { get; }

    /// <summary>Connections of clients.</summary>
    public WorkerConnections Connections { get; }

    public NginxConfiguration Configuration => _server.Configuration;

    public ConfigurationPaths Paths => Configuration.Paths;

    public LogFiles LogFiles => _server.LogFiles;

    public SyslogSender Syslog => _server.Syslog;

    public ErrorLogSink ErrorLogSink => _server.ErrorLogSink;

    public Counters Counters => _server.Counters;

    public TempFiles TempFiles => _server.TempFiles;

    public UpstreamTable Upstreams => _server.Upstreams;

    /// <summary>TLS of proxy_pass.</summary>
    public UpstreamTlsContexts ProxyTls => _server.ProxyTls;

    /// <summary>TLS of grpc_pass.</summary>
    public UpstreamTlsContexts GrpcTls => _server.GrpcTls;

    /// <summary>A variable of the configuration shows fields of upstreams' responses, so that they are to be kept.</summary>
    public bool UsesUpstreamFields { get; private set; }

    public int ProcessId => _server.ProcessId;

    public string HostName => _server.HostName;

    /// <summary>The log of requests whose configuration names none.</summary>
    public IReadOnlyList<AccessLog> BuiltInAccessLogs => _server.BuiltInAccessLogs;

    /// <summary>The error logs of the main level.</summary>
    public IReadOnlyList<ErrorLog> MainErrorLogs => _server.MainErrorLogs;

    /// <summary>An end of a connection as variables and logs show it: nodes of a world have addresses too. Null for a unix
    /// socket's.</summary>
    public IPEndPoint? AddressOf(EndPoint end) => end as IPEndPoint
        ?? (end is NodeEndPoint node && _server.Node is { } own
            ? new IPEndPoint(own.Network.Addresses.AddressOf(node.Node), node.Port) : null);

    /// <summary>Values for a request; another's before it.</summary>
    public RequestValues RentValues(IVariableSource source) => new(Configuration.Http!.Variables, source);

    /// <summary>A request is over.</summary>
    public void Return(HttpRequest request)
    {
        if (request.Parent is null)
            Counters.Ended();
    }

    /// <summary>A number for the boundary of a multipart body.</summary>
    public long NextBoundary() => ++_boundary;

    /// <summary>A number from 0 on, by lot.</summary>
    public int Draw(int exclusive) => _random.Next(exclusive);

    /// <summary><c>$request_id</c>: 16 random bytes, the same for all uses of a request.</summary>
    public string RequestId(HttpRequest request)
    {
        request.Id ??= string.Concat(_random.NextUInt64().ToString("x16", null), _random.NextUInt64().ToString("x16", null));
        return request.Id;
    }

    /// <summary>Who looks up names at these name servers, with the names it remembers. Thread-safe; what comes back is not.</summary>
    public Resolver ResolverOf(ResolverAddresses addresses) => _resolvers.GetValue(addresses, MakeResolver);

    /// <summary>What a level says of proxy_pass, or of grpc_pass.</summary>
    public ProxySettings ProxySettingsOf(Level level, bool isGrpc)
    {
        if (!_proxies.TryGetValue((level, isGrpc), out var settings))
            _proxies.Add((level, isGrpc), settings = isGrpc ? ProxySettings.OfGrpc(level) : ProxySettings.OfProxy(level));
        return settings;
    }

    private Resolver MakeResolver(ResolverAddresses addresses) => new(
        Http,
        new ResolverOptions([.. addresses.Servers.Select(s => new IPEndPoint(s.Ip!, s.Port))])
        {
            ValidSeconds = addresses.ValidSeconds, UsesIp4 = addresses.UsesIp4, UsesIp6 = addresses.UsesIp6,
        },
        _server.Seed.Stream(FormattableString.Invariant($"nginx/resolver-{Http.Index}")));

    /// <summary>Another configuration holds from now on.</summary>
    public void Reconfigured()
    {
        _proxies.Clear();
        UsesUpstreamFields = Configuration.Http?.Variables.All.Any(UpstreamVariables.IsOfFields) ?? false;
        Files.Clear();
    }
}
