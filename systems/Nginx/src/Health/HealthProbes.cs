using System.Net;
using Microcosm.Http;
using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary>Makes of a rule how its servers are asked: as the location, or the server of the stream part, asks them itself.</summary>
internal sealed class HealthProbes(NginxConfiguration configuration, UpstreamTlsContexts http, UpstreamTlsContexts stream)
{
    public HealthProbe Of(HealthRule rule, HttpWorker worker) => rule.IsStream ? OfStream(rule) : OfHttp(rule, worker);

    private HttpProbe OfHttp(HealthRule rule, HttpWorker worker)
    {
        var settings = ProxySettings.OfProxy(rule.Level);
        var options = settings.Options;
        return new HttpProbe(options with { Connect = Bound(rule, options.Connect, ProxyModule.Upstream.Bind) })
        {
            Target = Latin1.Bytes(rule.Uri),
            IsHttp10 = settings.IsHttp10,
            Expectation = rule.Expectation,
            Pool = rule.KeepAliveMs == 0 ? null : new IdlePool([worker], rule.Upstream.Servers.Sum(s => s.Addresses.Count) + 1)
            {
                TimeMs = rule.KeepAliveMs,
            },
            Fields = fields => Write(rule, settings, Values(rule), fields),
            Tls = rule.Target!.IsTls ? TlsOf(rule, http) : null,
        };
    }

    private TcpProbe OfStream(HealthRule rule)
    {
        var options = new ConnectOptions
        {
            KeepAlive = rule.Level.Get(StreamProxyModule.SocketKeepAlive),
            ReceiveBufferBytes = (int)rule.Level.Get(StreamProxyModule.SocketRcvBuf),
            SendBufferBytes = (int)rule.Level.Get(StreamProxyModule.SocketSndBuf),
        };
        return new TcpProbe(Bound(rule, options, StreamProxyModule.Bind))
        {
            Says = rule.Dialogue.Says, Expects = rule.Dialogue.Expects,
            Tls = rule.Level.Get(StreamProxyModule.Ssl) ? TlsOf(rule, stream) : null,
        };
    }

    private ConnectOptions Bound(HealthRule rule, ConnectOptions options, Setting<LocalAddress?> bind) =>
        BindDirective.EndPointOf(rule.Level.Get(bind), Values(rule)) is { } local ? options with { Local = local } : options;

    private Func<EndPoint, UpstreamTls> TlsOf(HealthRule rule, UpstreamTlsContexts contexts) => peer => contexts.Of(
        rule.Level, Values(rule), rule.Target!.HostHeader, $"{rule.Upstream.Name} {UpstreamServers.TextOf(peer)}");

    private RequestValues Values(HealthRule rule) =>
        new(rule.IsStream ? configuration.Stream!.Variables : configuration.Http!.Variables, new HealthVariables(rule));

    private static void Write(HealthRule rule, ProxySettings settings, RequestValues values, HeaderList fields)
    {
        var host = settings.Host?.Evaluate(values) ?? default;
        fields.Add(KnownHeader.Host, host.IsEmpty ? Latin1.Bytes(rule.Target!.HostHeader) : host.Span);
        if (rule.KeepAliveMs == 0 && !settings.IsGiven("Connection"))
            fields.Add(KnownHeader.Connection, "close"u8);
        foreach (var (name, value) in settings.Headers)
        {
            var text = value.Evaluate(values);
            if (!text.IsEmpty && !name.Equals("Host", StringComparison.OrdinalIgnoreCase))
                fields.Add(Latin1.Bytes(name), text.Span);
        }
    }
}
