using System.Net;
using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>Makes the request of a check: to the rule's URI, with what the location says of requests that it passes on.</summary>
internal static class HealthRequest
{
    public static HttpProbe Of(HealthRule rule, HttpWorker worker, VariableTable variables, UpstreamTlsContexts contexts)
    {
        var (settings, target) = (new ProxySettings(rule.Level), rule.Target!);
        var options = settings.Options;
        if (BindDirective.EndPointOf(rule.Level.Get(ProxyModule.Upstream.Bind), Values()) is { } local)
            options = options with { Connect = options.Connect with { Local = local } };
        return new HttpProbe(options)
        {
            Target = Latin1.Bytes(rule.Uri),
            IsHttp10 = settings.IsHttp10,
            Expectation = rule.Expectation,
            Pool = rule.KeepAliveMs == 0 ? null : new IdlePool([worker], rule.Upstream.Servers.Sum(s => s.Addresses.Count) + 1)
            {
                TimeMs = rule.KeepAliveMs,
            },
            Fields = fields => Write(rule, settings, Values(), fields),
            Tls = target.IsTls ? peer => contexts.Of(rule.Level, Values(), target.HostHeader, TextOf(peer)) : null,
        };

        RequestValues Values() => new(variables, new HealthVariables(target));
        string TextOf(EndPoint peer) => $"{rule.Upstream.Name} {UpstreamServers.TextOf(peer)}";
    }

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
