using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>A response on its way to the client, head first: a body, or bytes both ways.</summary>
internal sealed class ProxyDelivery
{
    private readonly ProxyBody? _body;
    private readonly ProxyTunnel? _tunnel;

    private ProxyDelivery(ProxyBody? body, ProxyTunnel? tunnel) => (_body, _tunnel) = (body, tunnel);

    /// <summary>Bytes go both ways.</summary>
    public bool IsTunnel => _tunnel is not null;

    /// <summary>Begins with the head, which is made already; null where neither the client nor a writer wants anything of the body.
    /// </summary>
    /// <param name="writer">Keeps the body besides; null for none.</param>
    public static ProxyDelivery? TryBegin(
        HttpRequest request, UpstreamExchange upstream, ProxySettings settings, ResponseWriter? writer)
    {
        if (upstream.Status == 101)
            return new ProxyDelivery(null, ProxyTunnel.Begin(request, upstream));
        var sending = Sending.Begin(request);
        return sending is null && writer is null ? null
            : new ProxyDelivery(new ProxyBody(request, upstream, sending, settings, writer), null);
    }

    /// <summary>A piece of what the server sends.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (_tunnel is not null)
            _tunnel.Write(bytes);
        else
            _body!.Write(bytes);
    }

    /// <summary>The server has sent all.</summary>
    public void End(HeaderList? trailers)
    {
        if (_tunnel is not null)
            _tunnel.End();
        else
            _body!.End(trailers);
    }

    /// <summary>There will be no more, though it is not all.</summary>
    public void Break()
    {
        if (_tunnel is not null)
            _tunnel.End();
        else
            _body!.Break();
    }

    /// <summary>The client has gone; what is kept is still fetched.</summary>
    public void Detach() => _body?.Detach();

    /// <summary>Nobody wants it.</summary>
    public void Close() => _body?.Close();

    /// <summary>The client takes more of a tunnel.</summary>
    public void ClientDrained() => _tunnel?.ClientDrained();

    /// <summary>The server takes more of a tunnel.</summary>
    public void ServerDrained() => _tunnel?.ServerDrained();
}
