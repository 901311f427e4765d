namespace Microcosm.Http;

/// <summary>What an HTTP/1 connection is about.</summary>
internal enum Http1Phase : byte
{
    /// <summary>Between requests, or within a head.</summary>
    Head,

    /// <summary>A request is served.</summary>
    Exchange,

    /// <summary>The response is whole, and much of it waits to be sent.</summary>
    Draining,

    /// <summary>The response is out; the request's body is read away.</summary>
    Discard,

    /// <summary>The output has ended; the client may still send.</summary>
    Linger,

    /// <summary>Nothing is taken any more.</summary>
    Closed,
}
