using System.Net;

namespace Microcosm.Nginx;

/// <summary>The client's side of a session: a connection, or the datagrams of one address.</summary>
internal interface IStreamClient
{
    bool IsUdp { get; }

    EndPoint Remote { get; }

    EndPoint Local { get; }

    long Id { get; }

    /// <summary>The session is over: what was sent leaves, and nothing more comes.</summary>
    void Close();

    /// <summary>nginx ends, or does not listen there any more.</summary>
    void Drain();

    /// <summary>The session has to end now.</summary>
    void Abort();
}
