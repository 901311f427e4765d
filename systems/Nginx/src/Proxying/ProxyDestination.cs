using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>Where one request is passed on to: the target of its proxy_pass, or what the variables in it came to.</summary>
/// <param name="Scheme">http:// or https://, as logs show it.</param>
/// <param name="HostHeader"><c>$proxy_host</c>.</param>
/// <param name="PortText"><c>$proxy_port</c>.</param>
/// <param name="Uri">Replaces the location's prefix; of a URL by variables, the whole.</param>
/// <param name="Location">The prefix that is replaced.</param>
internal sealed record ProxyDestination(
    bool IsTls, bool HasVariables, string Scheme, string HostHeader, string PortText, string Uri, string Location)
{
    private HostUrl? _unresolved;
    private UpstreamServers? _servers;

    /// <summary>Its name is still to be looked up, see <see cref="Resolve"/>.</summary>
    public bool IsUnresolved => _servers is null;

    public UpstreamServers Servers => _servers!;

    /// <summary>
    /// Null where there is no such place, which the log tells; the status is in <paramref name="status"/>.
    /// </summary>
    public static ProxyDestination? Of(HttpRequest request, ProxyTarget target, out int status)
    {
        status = 500;
        if (target.Value is not { } value)
        {
            return new ProxyDestination(target.IsTls, false, target.IsTls ? "https://" : "http://", target.HostHeader, target.PortText,
                target.Uri, target.Location)
            {
                _servers = request.Worker.Upstreams.Of(target.Upstream!.Made!),
            };
        }
        var url = Latin1.Text(value.Evaluate(request.Values).Span);
        var isTls = url.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        if (!isTls && !url.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
        {
            request.LogError(LogLevel.Error, $"invalid URL prefix in \"{url}\"");
            return null;
        }
        var (scheme, text, port) = isTls ? (url[..8], url[8..], 443) : (url[..7], url[7..], 80);
        if (HostUrl.TryParse(text, new HostUrlRules(port, HasUri: true), out var error) is not { } parsed)
        {
            request.LogError(LogLevel.Error, $"{error} in upstream \"{text}\"");
            return null;
        }
        status = 502;
        var servers = Find(request, parsed);
        if (servers is null && request.Level.Get(HttpCoreModule.Resolver) is null)
        {
            request.LogError(LogLevel.Error, $"no resolver defined to resolve {parsed.Host}");
            return null;
        }
        var isUnix = parsed.Addresses is [{ IsUnix: true }];
        var uri = parsed.Uri.StartsWith('?') ? "/" + parsed.Uri : parsed.Uri;
        return new ProxyDestination(isTls, true, scheme,
            isUnix ? "localhost" : parsed.HasNoPort || parsed.Port == port ? parsed.Host : $"{parsed.Host}:{parsed.PortText}",
            isUnix ? "" : parsed.HasNoPort ? $"{port}" : parsed.PortText, uri, "")
        {
            _servers = servers, _unresolved = parsed,
        };
    }

    /// <summary>Looks up its name.</summary>
    /// <param name="done">Told whether there are servers now, which the log tells otherwise; at once where the name is known, and then null
    /// comes back.</param>
    public Lookup? Resolve(HttpRequest request, Action<bool> done)
    {
        var url = _unresolved!;
        return request.Worker.ResolverOf(request.Level.Get(HttpCoreModule.Resolver)!)
            .Resolve(url.Host, request.Level.Get(HttpCoreModule.ResolverTimeout), resolution =>
            {
                if (resolution.Status == ResolveStatus.Ok)
                    _servers = request.Worker.Upstreams.OfName(url.Host, url.Port, resolution.Addresses);
                else
                    request.LogError(LogLevel.Error, ResolveFailure.Text(url.Host, resolution.Status));
                done(resolution.Status == ResolveStatus.Ok);
            });
    }

    // A declared upstream of that name, or the address itself; null for a name that is to be looked up.
    private static UpstreamServers? Find(HttpRequest request, HostUrl url)
    {
        foreach (var upstream in request.Worker.Configuration.Http!.Upstreams)
        {
            if (Latin1.EqualsIgnoreCase(upstream.Name, url.Host)
                && (upstream.Port == 0 && url.HasNoPort || upstream.Port == url.Port && upstream.Port != 0))
                return request.Worker.Upstreams.Of(upstream);
        }
        return url.Addresses is [var address, ..] ? request.Worker.Upstreams.OfAddress(address) : null;
    }
}
