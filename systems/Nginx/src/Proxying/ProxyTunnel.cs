using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>Bytes both ways between client and server after a 101, until both have ended.</summary>
internal sealed class ProxyTunnel : IRequestBodyReader
{
    private readonly HttpRequest _request;
    private readonly UpstreamExchange _upstream;
    private bool _isOver;

    private ProxyTunnel(HttpRequest request, UpstreamExchange upstream) => (_request, _upstream) = (request, upstream);

    /// <summary>True where there is none to be: a subrequest cannot have one, and nobody gets one who has not asked. Then the client's
    /// exchange is over.</summary>
    public static bool TryRefuse(HttpRequest request)
    {
        if (request.Parent is not null)
        {
            request.LogError(LogLevel.Error, "connection upgrade in subrequest while reading response header from upstream");
        }
        else if (request.Exchange.RequestHeaders.Contains(KnownHeader.Upgrade))
        {
            return false;
        }
        else
        {
            // As in nginx it is passed on, and the connection ends with it.
            request.Exchange.KeepsAlive = false;
            ResponseHead.Write(request);
        }
        request.Exchange.Abort();
        return true;
    }

    /// <summary>Begins with the head of the response, which is made already.</summary>
    public static ProxyTunnel Begin(HttpRequest request, UpstreamExchange upstream)
    {
        var tunnel = new ProxyTunnel(request, upstream);
        request.BodyReader = tunnel;
        ResponseHead.Write(request);
        ResponseHead.Send(request);
        request.Exchange.Tunnel();
        return tunnel;
    }

    /// <summary>Bytes of the server.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        _request.Exchange.Write(bytes);
        if (_request.Exchange.IsBacklogged)
            _upstream.PauseBody();
    }

    /// <summary>The server sends no more.</summary>
    public void End()
    {
        _isOver = true;
        _request.Exchange.End();
    }

    /// <summary>The client takes more.</summary>
    public void ClientDrained()
    {
        if (!_isOver)
            _upstream.ResumeBody();
    }

    /// <summary>The server takes more.</summary>
    public void ServerDrained() => _request.Exchange.ResumeBody();

    void IRequestBodyReader.Body(ReadOnlySpan<byte> bytes)
    {
        if (_isOver)
            return;
        _upstream.Write(bytes);
        if (_upstream.IsBacklogged)
            _request.Exchange.PauseBody();
    }

    void IRequestBodyReader.Ended()
    {
        if (!_isOver)
            _upstream.End();
    }
}
