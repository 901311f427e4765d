using System.Text;
using Microcosm.Runtime;
using Microcosm.Simulation;

[assembly: CatalogedSystem<Microcosm.Nginx.NginxSystem>]

namespace Microcosm.Nginx;

/// <summary>nginx in a world: one node, <c>nginx-1</c>, on the first port that its configuration listens on.</summary>
public sealed class NginxSystem : SystemDefinition, ICatalogedSystem
{
    internal const string UsualName = "nginx";

    private readonly NodeFolder _folder;
    private readonly string _name;
    private (int Port, ListenOptions Options, bool IsHttp)? _listen;

    /// <summary>Makes it.</summary>
    /// <param name="name">Of the system; its node is <c>NAME-1</c>.</param>
    public NginxSystem(NginxOptions options, string name = UsualName)
    {
        (Options, _name) = (options, name);
        _folder = new NodeFolder(options);
    }

    /// <inheritdoc/>
    public static IReadOnlyList<WorkloadDefinition> Workloads { get; } =
    [
        new("nginx-upstreams", "requests through nginx while its servers crash, pause and are cut off: with one that serves none fails",
            () => new UpstreamWorkload()),
    ];

    /// <summary>Its spans and metrics, process-wide: <c>Microcosm.Nginx</c>.</summary>
    public static SystemTelemetry Telemetry { get; } = new("Microcosm.Nginx", "nginx", TelemetryConventions.Http);

    static string ICatalogedSystem.UsualName => UsualName;

    /// <summary>The options; changes count from the next start or reload of the node.</summary>
    public NginxOptions Options { get; }

    /// <inheritdoc/>
    public override string Name => _name;

    /// <inheritdoc/>
    public override string Contract => DirectiveContract.Text;

    /// <summary>Throws <see cref="ArgumentException"/> for a configuration that nginx refuses, with its words.</summary>
    public override IReadOnlyList<NodeDefinition> Nodes
    {
        get
        {
            // Asked before the world is made: a configuration that is refused is told then.
            var listen = FirstListen();
            _listen = listen;
            return
            [
                new NodeDefinition($"{_name}-1", listen.Port, context => new NginxNode(context, Options, _folder))
                {
                    Telemetry = Telemetry,
                },
            ];
        }
    }

    static SystemDefinition ICatalogedSystem.Create() => new NginxSystem(new NginxOptions());

    /// <inheritdoc/>
    public override void SetOption(string name, string value) => Options.Set(name, value);

    /// <inheritdoc/>
    public override string ConnectionString(IReadOnlyList<string> endpoints)
    {
        var (_, options, isHttp) = _listen ??= FirstListen();
        var scheme = !isHttp ? "" : options.IsTls ? "https://" : "http://";
        return string.Join(',', endpoints.Select(e => scheme + e));
    }

    /// <summary>Of http any answer will do; what the stream part passes on speaks whatever protocol, so that it accepts is all that can be
    /// asked.</summary>
    public override async ValueTask PingAsync(Stream connection, CancellationToken cancellation)
    {
        var (_, options, isHttp) = _listen ??= FirstListen();
        if (!isHttp)
            return;
        // To no location, and in clear also where TLS is spoken: that is answered too.
        var header = options.IsProxyProtocol ? "PROXY UNKNOWN\r\n" : "";
        var request = header + "OPTIONS * HTTP/1.1\r\nHost: ping\r\nConnection: close\r\n\r\n";
        await connection.WriteAsync(Encoding.ASCII.GetBytes(request), cancellation);
        await connection.FlushAsync(cancellation);
        var reply = new byte[5];
        var read = await connection.ReadAtLeastAsync(reply, reply.Length, throwOnEndOfStream: false, cancellation);
        var text = Encoding.ASCII.GetString(reply, 0, read);
        if (text != "HTTP/")
            throw new IOException($"nginx answered a request with '{text}'");
    }

    // Any name is good enough to see where it listens; the node looks them up.
    private (int Port, ListenOptions Options, bool IsHttp) FirstListen()
    {
        if (Options.Files.Count > 0)
            _folder.Fill();
        var configuration = NodeConfiguration.Load(Options, _folder, new AnyNames(), _ => { }, _ => { });
        if (configuration.Http is { Listens: [var first, ..] })
            return (first.Address.Port, first.Options, true);
        var stream = configuration.Stream!.Listens[0];
        return (stream.Address.Port, stream.Options, false);
    }

    private sealed class AnyNames : INameResolver
    {
        public bool IsPrivileged => true;

        public string HostName => UsualName;

        public IReadOnlyList<System.Net.IPAddress> Resolve(string name) => [System.Net.IPAddress.Loopback];
    }
}
