using System.Globalization;
using System.Text;

namespace Microcosm.Nginx;

/// <summary>Makes URLs of the paths that clients are sent to.</summary>
internal static class Redirects
{
    /// <summary>A path becomes a URL of this server, unless <c>absolute_redirect</c> is off; a URL stays.</summary>
    public static byte[] Absolute(HttpRequest request, byte[] location)
    {
        if (location is not [(byte)'/', ..] || !request.Level.Get(HttpCoreModule.AbsoluteRedirect))
            return location;
        var transport = request.Exchange.Connection.Transport;
        var local = request.Worker.AddressOf(transport.Local);
        var host = request.Level.Get(HttpCoreModule.ServerNameInRedirect) ? request.Server.Name
            : request.Host.Length > 0 ? Latin1.Text(request.Host)
            : local is null ? "localhost" : Address.HostText(local.Address);
        var isTls = request.Connection.Tls is not null;
        var port = request.Level.Get(HttpCoreModule.PortInRedirect) ? local?.Port ?? 0 : 0;
        var text = new StringBuilder(isTls ? "https://" : "http://").Append(host);
        if (port != 0 && port != (isTls ? 443 : 80))
            text.Append(CultureInfo.InvariantCulture, $":{port}");
        return [.. Latin1.Bytes(text.ToString()), .. location];
    }
}
