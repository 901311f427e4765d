using System.Net;
using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>What requests and stream sessions know of the connection that they came on.</summary>
internal interface IClientConnection
{
    NginxWorker Worker { get; }

    /// <summary>The client's end, or that of a proxy before it.</summary>
    EndPoint Remote { get; }

    /// <summary>The own end.</summary>
    EndPoint Local { get; }

    /// <summary>Unique within the process.</summary>
    long ConnectionId { get; }

    /// <summary>What a proxy said of the connection; null for nothing.</summary>
    ProxyProtocol? ProxyProtocol { get; }

    /// <summary>What TLS agreed on; null without TLS.</summary>
    TlsInfo? Tls { get; }

    /// <summary>Where it was accepted.</summary>
    ListenPoint ListenPoint { get; }

    /// <summary>Takes nothing new: nginx ends, or does not listen there any more.</summary>
    void Drain();

    /// <summary>Ends when what was sent has left.</summary>
    void Finish();

    /// <summary>Ends now.</summary>
    void Abort();
}
