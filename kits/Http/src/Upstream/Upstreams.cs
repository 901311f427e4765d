using System.Net;

namespace Microcosm.Http;

/// <summary>Where requests to upstream servers begin.</summary>
public static class Upstreams
{
    /// <summary>
    /// Begins an exchange: over an idle connection of the pool where there is one, and then it <see cref="UpstreamExchange.IsConnected"/>
    /// at once; otherwise over a new one, of which the handler is told.
    /// </summary>
    /// <param name="pool">Where the connection goes afterwards; null closes it.</param>
    public static UpstreamExchange Begin(
        HttpWorker worker, EndPoint peer, UpstreamOptions options, IdlePool? pool, IUpstreamHandler handler)
    {
        PeerExchange exchange = options.IsHttp2 ? new Http2Upstream(worker, peer, options, pool, handler)
            : new Http1Upstream(worker, peer, options, pool, handler);
        if (pool?.Take(worker, peer, options) is { } idle)
            exchange.Use(idle);
        else if (exchange is Http1Upstream http1 && options.Tls is null && pool?.Lender(worker) is { } lender)
            http1.Borrow(lender);
        else
            exchange.Connect();
        return exchange;
    }
}
