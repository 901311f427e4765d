using Microcosm.Http;
using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary>What requests and stream sessions know of the connection that they came on.</summary>
internal interface IClientConnection
{
    NginxWorker Worker { get; }

    SessionTransport Transport { get; }

    /// <summary>What a proxy said of the connection; null for nothing.</summary>
    ProxyProtocol? ProxyProtocol { get; }

    /// <summary>What TLS agreed on; null without TLS.</summary>
    TlsInfo? Tls { get; }

    /// <summary>Where it was accepted.</summary>
    Address ListenAddress { get; }

    /// <summary>Takes nothing new: nginx ends.</summary>
    void Drain();
}
