namespace Microcosm.Http;

/// <summary>
/// Told what becomes of one exchange. Called on the worker's executor, and never inside a call that the handler makes, but for <see
/// cref="Closed"/>, which may come inside <see cref="HttpExchange.End"/> and <see cref="HttpExchange.Abort"/>.
/// </summary>
public interface IExchangeHandler
{
    /// <summary>A piece of the request's body, after <see cref="HttpExchange.ReadBody"/>; of a tunnel, bytes. Valid during the
    /// call.</summary>
    void Body(HttpExchange exchange, ReadOnlySpan<byte> bytes)
    {
    }

    /// <summary>The body is whole, and its trailers are there; of a tunnel: the client sends no more.</summary>
    void BodyEnded(HttpExchange exchange)
    {
    }

    /// <summary>
    /// The body will not be whole: it is not what it says it is, did not come in time, or the client ended it. A response may still be
    /// given, and is the connection's last.
    /// </summary>
    void BodyFailed(HttpExchange exchange, Refusal refusal)
    {
    }

    /// <summary>Unsent output fell to a quarter of the high-water mark that it was above.</summary>
    void Drained(HttpExchange exchange)
    {
    }

    /// <summary>
    /// The client has ended its side while the response is under way. It may still read; most servers give up (499) where they wait for
    /// somebody else. Told once.
    /// </summary>
    void ClientLeft(HttpExchange exchange)
    {
    }

    /// <summary>The exchange is over; called exactly once, last. Afterwards nothing of the exchange may be used.</summary>
    /// <param name="isComplete">The response was given whole to the network; false: the connection broke or timed out before, or it was
    /// aborted.</param>
    void Closed(HttpExchange exchange, bool isComplete)
    {
    }
}
