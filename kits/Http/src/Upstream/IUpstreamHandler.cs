namespace Microcosm.Http;

/// <summary>
/// Told what becomes of a request to an upstream server. Called on the worker's executor, and never inside a call that the handler makes.
/// After <see cref="Ended"/> or <see cref="Failed"/>, of which there is one, nothing more comes and the exchange may not be used.
/// </summary>
public interface IUpstreamHandler
{
    /// <summary>Connected: the request may be sent. Not called where <see cref="UpstreamExchange.IsConnected"/> was true at once.</summary>
    void Connected(UpstreamExchange exchange);

    /// <summary>An interim response came (100, 102, 103).</summary>
    void Informed(UpstreamExchange exchange, int status, HeaderList headers)
    {
    }

    /// <summary>The response's head has come. A 101, or a 2xx to CONNECT, makes the rest a tunnel.</summary>
    void Responded(UpstreamExchange exchange);

    /// <summary>A piece of the response's body; of a tunnel, bytes. Valid during the call.</summary>
    void Body(UpstreamExchange exchange, ReadOnlySpan<byte> bytes);

    /// <summary>The response is whole, and its trailers are there; of a tunnel: the server sends no more.</summary>
    void Ended(UpstreamExchange exchange);

    /// <summary>It came to nothing, or will not be whole.</summary>
    void Failed(UpstreamExchange exchange, UpstreamError error);

    /// <summary>Unsent bytes of the request fell to a quarter of the high-water mark that they were above.</summary>
    void Drained(UpstreamExchange exchange)
    {
    }
}
