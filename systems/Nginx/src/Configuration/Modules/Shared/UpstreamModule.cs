namespace Microcosm.Nginx;

/// <summary><c>upstream</c> blocks: servers, how one is chosen, connections kept; of the http and of the stream part.</summary>
internal sealed class UpstreamModule
{
    private const int HttpPort = 80;

    public static readonly UpstreamModule Http = new("http_upstream_module", Contexts.Http, Contexts.Upstream);

    public static readonly UpstreamModule Stream = new("stream_upstream_module", Contexts.Stream, Contexts.StreamUpstream);

    private readonly Contexts _inner;

    private UpstreamModule(string name, Contexts main, Contexts inner)
    {
        _inner = inner;
        Module = new Module(name, main);
        Module.Block("upstream", main, Arity.One, Read);
        Module.Custom("server", inner, Arity.OneOrMore, ReadServer);
        Module.Custom("hash", inner, Arity.OneOrTwo, ReadHash);
        Module.Custom("least_conn", inner, Arity.None, call => Choose(call, new BalancingPolicy.LeastConnections()));
        Module.Custom("random", inner, Arity.UpToTwo, ReadRandom);
        Module.Custom("zone", inner, Arity.OneOrTwo, ReadZone);
        if (main != Contexts.Http)
            return;
        Module.Custom("ip_hash", inner, Arity.None, call => Choose(call, new BalancingPolicy.IpHash(), allowsBackup: false));
        Module.Custom("keepalive", inner, Arity.OneOrTwo, ReadKeepAlive);
        KeepAliveRequests = Module.Number("keepalive_requests", inner, 1000);
        KeepAliveTime = Module.Milliseconds("keepalive_time", inner, 3_600_000);
        KeepAliveTimeout = Module.Milliseconds("keepalive_timeout", inner, 60_000);
    }

    public Module Module { get; }

    /// <summary>Connections kept, and whether each location keeps its own.</summary>
    public Setting<UpstreamKeepAlive?> KeepAlive { get; } = new("keepalive", null);

    public Setting<long>? KeepAliveRequests { get; }

    public Setting<long>? KeepAliveTime { get; }

    public Setting<long>? KeepAliveTimeout { get; }

    private void Read(DirectiveCall call)
    {
        var part = call.Loader.Part;
        var name = call[1];
        var upstream = part.FindUpstream(name, 0);
        if (upstream is { IsDeclared: true })
            throw call.Error($"duplicate upstream \"{name}\"");
        if (upstream is { HasNoPort: false })
            throw ConfigurationException.Unplaced($"upstream \"{name}\" may not have port {upstream.Port} in {upstream.Place}");
        if (upstream is null)
            part.Upstreams.Add(upstream = new UpstreamDraft(name, 0, call.Loader.Place));
        (upstream.IsDeclared, upstream.Port) = (true, 0);
        upstream.Servers.Clear();
        upstream.Level = new Level(call.Level, _inner) { Upstream = upstream };
        call.Loader.ReadBlock(_inner, upstream.Level);
        if (upstream.Servers.Count == 0)
            throw call.Error("no servers are inside upstream");
    }

    private static void ReadServer(DirectiveCall call)
    {
        var upstream = call.Level.Upstream!;
        var server = new UpstreamServer(call[1], []);
        for (var i = 2; i <= call.Count; i++)
            server = Apply(call, call[i], server, upstream);
        if (server.Service.Length > 0 && !server.IsResolved)
            throw call.Error($"service upstream \"{call[1]}\" requires \"resolve\" parameter");
        var rules = new HostUrlRules(call.Loader.IsStream ? 0 : HttpPort, Names: server.IsResolved ? null : call.Loader.Names);
        var url = HostUrl.TryParse(call[1], rules, out var error) ?? throw call.Error($"{error} in upstream \"{call[1]}\"");
        if (call.Loader.IsStream && url.HasNoPort && server.Service.Length == 0 && url.Addresses is not [{ IsUnix: true }])
            throw call.Error($"no port in upstream \"{call[1]}\"");
        if (server.Service.Length > 0 && !url.HasNoPort)
            throw call.Error($"service upstream \"{call[1]}\" may not have port");
        if (server.Service.Length > 0 && url.Addresses.Count > 0)
            throw call.Error($"service upstream \"{call[1]}\" requires domain name");
        upstream.Servers.Add(server with
        {
            Addresses = url.Addresses,
            IsResolved = server.IsResolved && url.Addresses.Count == 0,
            Host = url.Host,
            Port = url.Port,
        });
    }

    private static UpstreamServer Apply(DirectiveCall call, string word, UpstreamServer server, UpstreamDraft upstream)
    {
        if (Parameters.Is(word, "weight", out var value) && Supported(call, word, upstream.AllowsWeight))
            return server with { Weight = Int(call, word, Measures.Number(value), 1) };
        if (Parameters.Is(word, "max_conns", out value))
            return server with { MaxConns = Int(call, word, Measures.Number(value), 0) };
        if (Parameters.Is(word, "max_fails", out value))
            return server with { MaxFails = Int(call, word, Measures.Number(value), 0) };
        if (Parameters.Is(word, "fail_timeout", out value))
            return server with { FailTimeoutSeconds = Measures.Seconds(value) ?? throw call.InvalidParameter(word) };
        if (Parameters.Is(word, "service", out value))
            return server with { Service = value.Length > 0 ? value : throw call.Error("service is empty") };
        return word switch
        {
            "backup" when Supported(call, word, upstream.AllowsBackup) => server with { IsBackup = true },
            "down" => server with { IsDown = true },
            "resolve" => server with { IsResolved = true },
            _ => throw call.InvalidParameter(word),
        };
    }

    private static bool Supported(DirectiveCall call, string word, bool isSupported) =>
        isSupported ? true : throw call.Error($"balancing method does not support parameter \"{word}\"");

    private static int Int(DirectiveCall call, string word, long? value, int min) =>
        value is { } number && number >= min && number <= int.MaxValue ? (int)number : throw call.InvalidParameter(word);

    private static void Choose(DirectiveCall call, BalancingPolicy policy, bool allowsBackup = true)
    {
        var upstream = call.Level.Upstream!;
        if (upstream.Policy is not null)
            call.Warn("load balancing method redefined");
        upstream.Policy = policy;
        upstream.AllowsBackup = allowsBackup;
    }

    private static void ReadHash(DirectiveCall call)
    {
        var key = call.Value(1);
        if (call.Count == 2 && call[2] != "consistent")
            throw call.InvalidParameter(call[2]);
        Choose(call, new BalancingPolicy.Hash(key, call.Count == 2), allowsBackup: false);
    }

    private static void ReadRandom(DirectiveCall call)
    {
        if (call.Count > 0 && call[1] != "two")
            throw call.InvalidParameter(call[1]);
        if (call.Count > 1 && call[2] != "least_conn")
            throw call.InvalidParameter(call[2]);
        Choose(call, new BalancingPolicy.Random(call.Count > 0), allowsBackup: false);
    }

    private static void ReadZone(DirectiveCall call)
    {
        if (call[1].Length == 0)
            throw call.Error($"invalid zone name \"{call[1]}\"");
        var size = 0L;
        if (call.Count == 2)
        {
            size = Measures.Size(call[2]) is { } given and > 0 ? given : throw call.Error($"invalid zone size \"{call[2]}\"");
            if (size < 8 * 4096)
                throw call.Error($"zone \"{call[1]}\" is too small");
        }
        call.Level.Upstream!.Zone = call.Loader.Draft.Zone(call[1], size, call.Loader.IsStream ? "stream_upstream" : "http_upstream");
    }

    private void ReadKeepAlive(DirectiveCall call)
    {
        call.Once(KeepAlive);
        var isLocal = call.Count == 2 && call[2] == "local";
        if (call.Count == 2 && !isLocal)
            throw call.InvalidParameter(call[2]);
        if (Measures.Number(call[1]) is not { } connections || connections > int.MaxValue)
            throw call.Error($"invalid value \"{call[1]}\" in \"keepalive\" directive");
        call.Level.Set(KeepAlive, new UpstreamKeepAlive((int)connections, isLocal, 0, 0, 0));
    }
}
