namespace Microcosm.Http;

/// <summary>A front end: what serves requests. Called on the worker's executor.</summary>
public interface IHttpApplication
{
    /// <summary>
    /// A request's head has come whole, or what came is refused (<see cref="HttpExchange.Refusal"/>). Sets <see
    /// cref="HttpExchange.Handler"/>; responds now or later.
    /// </summary>
    void Begin(HttpExchange exchange);

    /// <summary>A part of a request's head has come and the rest has not, or that is over.</summary>
    void Reading(HttpConnection connection, bool isReading)
    {
    }

    /// <summary>A connection was opened.</summary>
    void Opened(HttpConnection connection)
    {
    }

    /// <summary>A connection is gone; its exchange, if there was one, was told before.</summary>
    void Closed(HttpConnection connection, Exception? error)
    {
    }
}
