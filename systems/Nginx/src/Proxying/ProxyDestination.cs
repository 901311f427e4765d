using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>Where one request is passed on to: the target of its proxy_pass, or what the variables in it came to.</summary>
/// <param name="IsGrpc">By grpc_pass.</param>
/// <param name="Scheme">http:// or https://, grpc:// or grpcs://, as logs show it.</param>
/// <param name="HostHeader"><c>$proxy_host</c>.</param>
/// <param name="PortText"><c>$proxy_port</c>.</param>
/// <param name="Uri">Replaces the location's prefix; of a URL by variables, the whole.</param>
/// <param name="Location">The prefix that is replaced.</param>
internal sealed record ProxyDestination(
    bool IsTls, bool IsGrpc, bool HasVariables, string Scheme, string HostHeader, string PortText, string Uri, string Location)
{
    private static readonly Schemes HttpSchemes = new("http://", 80, "https://", 443, IsGrpc: false);
    private static readonly Schemes GrpcSchemes = new("grpc://", 0, "grpcs://", 0, IsGrpc: true);

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
        var schemes = target.IsGrpc ? GrpcSchemes : HttpSchemes;
        if (target.Value is { } value)
            return OfUrl(request, schemes, Latin1.Text(value.Evaluate(request.Values).Span), ref status);
        return new ProxyDestination(target.IsTls, target.IsGrpc, false, target.IsTls ? schemes.Tls : schemes.Clear, target.HostHeader,
            target.PortText, target.Uri, target.Location)
        {
            _servers = request.Worker.Upstreams.Of(target.Upstream!.Made!),
        };
    }

    private static ProxyDestination? OfUrl(HttpRequest request, Schemes schemes, string url, ref int status)
    {
        var isTls = url.StartsWith(schemes.Tls, StringComparison.OrdinalIgnoreCase);
        var isClear = !isTls && url.StartsWith(schemes.Clear, StringComparison.OrdinalIgnoreCase);
        if (!isTls && !isClear && !schemes.IsGrpc)
        {
            request.LogError(LogLevel.Error, $"invalid URL prefix in \"{url}\"");
            return null;
        }
        var scheme = isTls ? url[..schemes.Tls.Length] : isClear ? url[..schemes.Clear.Length] : "";
        var (text, port) = (url[scheme.Length..], isTls ? schemes.TlsPort : schemes.ClearPort);
        if (HostUrl.TryParse(text, new HostUrlRules(port, HasUri: !schemes.IsGrpc), out var error) is not { } parsed)
        {
            request.LogError(LogLevel.Error, $"{error} in upstream \"{text}\"");
            return null;
        }
        var isUnix = parsed.Addresses is [{ IsUnix: true }];
        var servers = Find(request, parsed, hasPort: !parsed.HasNoPort || port != 0 || isUnix);
        if (servers is null && parsed.HasNoPort && port == 0)
        {
            request.LogError(LogLevel.Error, $"no port in upstream \"{parsed.Host}\"");
            return null;
        }
        status = 502;
        if (servers is null && request.Level.Get(HttpCoreModule.Resolver) is null)
        {
            request.LogError(LogLevel.Error, $"no resolver defined to resolve {parsed.Host}");
            return null;
        }
        var uri = parsed.Uri.StartsWith('?') ? "/" + parsed.Uri : parsed.Uri;
        return new ProxyDestination(isTls, schemes.IsGrpc, true, scheme.Length > 0 ? scheme : schemes.Clear,
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
    private static UpstreamServers? Find(HttpRequest request, HostUrl url, bool hasPort)
    {
        foreach (var upstream in request.Worker.Configuration.Http!.Upstreams)
        {
            if (Latin1.EqualsIgnoreCase(upstream.Name, url.Host)
                && (upstream.Port == 0 && url.HasNoPort || upstream.Port == url.Port && upstream.Port != 0))
                return request.Worker.Upstreams.Of(upstream);
        }
        return hasPort && url.Addresses is [var address, ..] ? request.Worker.Upstreams.OfAddress(address) : null;
    }

    // A port of 0: none unless it is written.
    private sealed record Schemes(string Clear, int ClearPort, string Tls, int TlsPort, bool IsGrpc);
}
