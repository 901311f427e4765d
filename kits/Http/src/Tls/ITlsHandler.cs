using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>
/// What runs over a connection with TLS. Called on the executor; of <see cref="Opened"/>, <see cref="Plain"/> and <see cref="Failed"/>
/// exactly one, once. After a failure, and after null, the connection closes.
/// </summary>
public interface ITlsHandler
{
    /// <summary>The handshake is complete. Gives the session that runs over <paramref name="transport"/>; null closes.</summary>
    Session? Opened(TlsSession tls, SessionTransport transport);

    /// <summary>
    /// The client speaks something else: HTTP without TLS, most likely. Gives the session that runs over the bare transport, from the first
    /// byte on; null closes.
    /// </summary>
    Session? Plain(TlsSession tls, SessionTransport transport) => null;

    /// <summary>There will be no session.</summary>
    void Failed(TlsSession tls, TlsException error)
    {
    }

    /// <summary>
    /// A client has said whom it means, before anything is settled. May put another context in the place of the first, whose session cache
    /// and ticket keys stay in force. Must not touch the connection.
    /// </summary>
    /// <param name="serverName">As it came, byte for byte as Latin-1; null where the client named nobody.</param>
    /// <returns>False fails the handshake.</returns>
    bool Choose(TlsSession tls, string? serverName, ref TlsServerContext context) => true;

    /// <summary>Gives a server's certificates by <see cref="TlsSession.Use"/>, where the context asks for them. Must not touch the
    /// connection.</summary>
    /// <returns>False fails the handshake.</returns>
    bool Certify(TlsSession tls) => false;
}
