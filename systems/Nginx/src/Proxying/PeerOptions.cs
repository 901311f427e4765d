using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>How one server is spoken to for one request: what its level says, made whole by values of the request.</summary>
internal static class PeerOptions
{
    // One object: connections are reused by whoever offers the same.
    private static readonly TlsProtocolNames Http2Protocol = new("h2");

    /// <summary>Null, which the log tells, where the certificate to show to the server cannot be loaded.</summary>
    public static UpstreamOptions? Of(HttpRequest request, ProxySettings settings, ProxyDestination destination, Peer peer)
    {
        var options = settings.Options;
        if (BindDirective.EndPointOf(settings.Bind, request.Values) is { } local)
            options = options with { Connect = options.Connect with { Local = local } };
        if (!destination.IsTls)
            return options;
        var contexts = settings.IsGrpc ? request.Worker.GrpcTls : request.Worker.ProxyTls;
        try
        {
            return options with
            {
                Tls = contexts.Of(settings.Level, request.Values, destination.HostHeader,
                    $"{destination.Servers.Name} {destination.Servers.TextOf(peer)}", options.IsHttp2 ? Http2Protocol : null),
            };
        }
        catch (TlsException e)
        {
            request.LogError(LogLevel.Error, $"{e.Message} while connecting to upstream");
            return null;
        }
    }
}
