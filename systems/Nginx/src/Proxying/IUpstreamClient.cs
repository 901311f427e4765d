namespace Microcosm.Nginx;

/// <summary>Who fetches a request's response from an upstream server.</summary>
internal interface IUpstreamClient
{
    /// <summary>The client has ended its side of the connection.</summary>
    void ClientLeft();

    /// <summary>Output to the client fell.</summary>
    void Drained();

    /// <summary>Nobody wants the response any more.</summary>
    void GiveUp();
}
